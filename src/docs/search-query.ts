import type { Operation } from '../model/api.ts'

/** `payslip scope:payroll:read method:get api:people`, taken apart. */
export interface SearchQuery {
  readonly words: string
  /** Each names a scope, or begins one. */
  readonly scopes: readonly string[]
  /** Upper case; alternatives. */
  readonly methods: readonly string[]
  /** Names or titles of APIs, or their beginnings; alternatives. */
  readonly apis: readonly string[]
}

/** Nobody types more, and every word costs. */
const LONGEST = 200

export function parseQuery(text: string): SearchQuery {
  const words: string[] = []
  const filters = { scope: new Set<string>(), method: new Set<string>(), api: new Set<string>() }
  // In quotes, a value may hold spaces.
  for (const part of text.slice(0, LONGEST).match(/(scope|method|api):"[^"]*"?|\S+/gi) ?? []) {
    const [, name, value = ''] = /^(scope|method|api):"?([^"]*)/i.exec(part) ?? []
    if (name === undefined) words.push(part)
    else if (value !== '') filters[name.toLowerCase() as keyof typeof filters].add(value)
  }
  return {
    words: words.join(' ').trim(),
    scopes: [...filters.scope],
    methods: [...filters.method].map((method) => method.toUpperCase()),
    apis: [...filters.api].map((api) => api.toLowerCase()),
  }
}

/** Whether an operation names the scope, in a way in or at one of its fields. */
export function takesScope({ requirement, fields }: Operation, scope: string): boolean {
  return (
    requirement.alternatives.some((alternative) =>
      alternative.some(({ scopes }) => scopes.some((name) => name.startsWith(scope))),
    ) || [...fields.request, ...fields.response].some(({ scopes }) => scopes.some((name) => name.startsWith(scope)))
  )
}
