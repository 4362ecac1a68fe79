import type { EvaluatedPolicy } from './evaluate.ts'

/**
 * What an API without policies gets: any registered app may be granted every declared scope, by every grant. Only for the
 * sandbox's audience; whoever issues tokens for another one must not use it.
 *
 * @param scopes Every scope that the API declares.
 */
export function defaultPolicy(scopes: readonly string[]): EvaluatedPolicy {
  return {
    name: 'Default: every scope, in the sandbox only',
    default: true,
    mode: 'all-or-nothing',
    // biome-ignore lint/suspicious/noThenProperty: `then` is the file format's word; a rule is never awaited.
    rules: [{ name: 'Any app', when: { scopes: [...scopes] }, then: {} }],
  }
}
