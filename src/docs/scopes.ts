import { heldScopes } from '../access/credentials.ts'
import type { ApiModel, Scope } from '../model/api.ts'
import type { Viewer } from './lens.ts'

export interface ScopeRow {
  readonly scope: Scope
  /** Undefined: nobody in particular is looking. */
  readonly held?: boolean
  /** How many operations name it in one of their alternatives. */
  readonly operations: number
  /** How many fields take it. */
  readonly fields: number
}

export function scopeRows(
  { scopes, operations }: Pick<ApiModel, 'scopes' | 'operations'>,
  { credentials }: Viewer,
): ScopeRow[] {
  const held = credentials === undefined ? undefined : heldScopes(credentials)
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
    ...(held !== undefined && { held: held.has(scope.name) }),
    operations: named.filter((names) => names.has(scope.name)).length,
    fields: [...fields.values()].filter((field) => field.scopes.includes(scope.name)).length,
  }))
}
