import type { ApiModel, Scope } from '../model/api.ts'
import type { Viewer } from './lens.ts'
import { type Withheld, withheld } from './withheld.ts'

export interface ScopeRow {
  readonly scope: Scope
  /** Whether a token can hold it. Undefined: nobody in particular is looking. */
  readonly gate?: 'open' | Withheld['gate']
  /** How many operations name it in one of their alternatives. */
  readonly operations: number
  /** How many fields take it. */
  readonly fields: number
}

export function scopeRows({ scopes, operations }: Pick<ApiModel, 'scopes' | 'operations'>, viewer: Viewer): ScopeRow[] {
  const named = operations.map(
    ({ requirement }) =>
      new Set(requirement.alternatives.flatMap((alternative) => alternative.flatMap((scheme) => scheme.scopes))),
  )
  const fields = new Map(
    operations
      .flatMap((operation) => [...operation.fields.request, ...operation.fields.response])
      .map((field) => [field.pointer, field]),
  )
  return scopes.map((scope) => ({
    scope,
    ...(viewer.credentials !== undefined && { gate: withheld([scope.name], viewer)?.gate ?? 'open' }),
    operations: named.filter((names) => names.has(scope.name)).length,
    fields: [...fields.values()].filter((field) => field.scopes.includes(scope.name)).length,
  }))
}
