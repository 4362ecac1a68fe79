import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** GitHub's document, as an npm package has it. */
export function documentFile(peers: string): string {
  return join(peers, 'node_modules/@octokit/openapi/generated/api.github.com.json')
}

/** A read whose arguments are those of its path, which are text or whole numbers. */
export interface Read {
  readonly operationId: string
  readonly path: string
  readonly parameters: readonly { readonly name: string; readonly value: string | number }[]
}

type Json = Readonly<Record<string, unknown>>

const CALLS = 20

/** Reads from all over the document. */
export async function reads(peers: string): Promise<Read[]> {
  const document = JSON.parse(await readFile(documentFile(peers), 'utf8')) as Json
  const resolve = (node: Json): Json =>
    typeof node.$ref === 'string'
      ? node.$ref
          .slice(2)
          .split('/')
          .reduce((at: Json, key) => at[key] as Json, document)
      : node
  const candidates = Object.entries(document.paths as Record<string, Json>).flatMap(([path, item]) => {
    const get = item.get as Json | undefined
    if (get === undefined || path === '/') return []
    const declared = ((get.parameters ?? []) as Json[]).map(resolve)
    const inPath = declared.filter((each) => each.in === 'path')
    const types = inPath.map((each) => (each.schema as Json).type)
    const plain = types.every((type) => type === 'string' || type === 'integer')
    const others = declared.some((each) => each.in !== 'path' && each.required === true)
    const json = JSON.stringify((get.responses as Json)['200'] ?? '').includes('application/json')
    if (!plain || others || !json || inPath.some((each) => 'enum' in (each.schema as Json))) return []
    const parameters = [...path.matchAll(/\{([^}]*)\}/g)].flatMap(([, name = '']) => {
      const index = inPath.findIndex((each) => each.name === name)
      return index < 0 ? [] : [{ name, value: types[index] === 'integer' ? 1 : 'x' }]
    })
    return [{ operationId: String(get.operationId), path, parameters }]
  })
  const step = Math.floor(candidates.length / CALLS)
  return candidates.filter((_, index) => index % step === 0).slice(0, CALLS)
}
