import type { Operation } from './api.ts'
import { safeName, spelling, suffix } from './names.ts'

type Named = Pick<Operation, 'id' | 'method' | 'path'> & {
  readonly list: boolean
  readonly chosen: { readonly resource?: string; readonly method?: string }
}
type SdkName = Operation['sdk']

/**
 * Where each operation stands on an SDK's client: `GET /employees/{id}/notes` → `employees.notes.list`. From path and
 * method alone, so that adding an unrelated operation renames nothing; `x-sdk-resource` and `x-sdk-method` override.
 */
export function sdkNames(operations: readonly Named[]): SdkName[] {
  const paths = new Paths(operations)
  const names = operations.map((operation) => {
    const derived = derive(operation, paths)
    const { resource, method } = operation.chosen
    return {
      resource:
        resource === undefined ? derived.resource : resource.split('.').map((part) => safeName(part, 'resource')),
      method: method === undefined ? derived.method : safeName(method, 'call'),
    }
  })
  return distinct(operations, names)
}

/** What stands on each path. */
class Paths {
  readonly #methods = new Map<string, Set<string>>()
  readonly #collections = new Set<string>()

  constructor(operations: readonly Named[]) {
    for (const { path, method } of operations) {
      this.#methods.set(path, (this.#methods.get(path) ?? new Set()).add(method))
      const collection = /^(.*)\/\{[^/]*$/.exec(path)?.[1]
      if (method === 'GET' && collection !== undefined) this.#collections.add(collection)
    }
  }

  methods(path: string): ReadonlySet<string> {
    return this.#methods.get(path) ?? new Set()
  }

  /** Whether items stand below it: `/employees`, where there is `GET /employees/{id}`. */
  isCollection(path: string): boolean {
    return this.#collections.has(path)
  }
}

function derive({ method, path, list }: Named, paths: Paths): SdkName {
  const segments = path.split('/').filter((segment) => segment !== '')
  const last = segments.at(-1) ?? ''
  const statics = segments.filter((segment) => !segment.includes('{'))
  const words = statics.length > 1 && /^(api|v\d+(\.\d+)*)$/i.test(statics[0] ?? '') ? statics.slice(1) : statics
  // `chat.postMessage`, `messages:batchDelete`: the path itself names the verb.
  const verb = /^(.+)[.:]([^.:]+)$/.exec(words.at(-1) ?? '')
  if (verb !== null && !last.includes('{')) {
    const parents = [...words.slice(0, -1), ...(verb[1] ?? '').split(/[.:]/)]
    return { resource: parents.map((word) => safeName(word, 'resource')), method: safeName(verb[2] ?? '', 'call') }
  }
  const resource = words.map((word) => safeName(word, 'resource'))
  const onItem = last.includes('{')
  // `POST /articles/{id}/publish`: a verb on the item, not a collection of publishes.
  const action =
    !onItem &&
    method === 'POST' &&
    segments.at(-2)?.includes('{') === true &&
    paths.methods(path).size === 1 &&
    !last.endsWith('s')
  if (action) return { resource: resource.slice(0, -1), method: resource.at(-1) ?? 'call' }
  return {
    resource,
    method: verbOf(method, onItem, list || paths.isCollection(path), paths.methods(path).has('PATCH')),
  }
}

/** @param patched whether the path has a PATCH, too: then that is the update, and PUT replaces */
function verbOf(method: string, onItem: boolean, list: boolean, patched: boolean): string {
  switch (method) {
    case 'GET':
      return onItem || !list ? 'get' : 'list'
    case 'POST':
      return onItem ? 'post' : 'create'
    case 'PUT':
      return onItem && !patched ? 'update' : 'replace'
    case 'PATCH':
      return 'update'
    case 'DELETE':
      return 'delete'
    default:
      return safeName(method.toLowerCase(), 'call')
  }
}

/** Of several operations with one name, the one on the shortest path keeps it; the others go by their id. */
function distinct(operations: readonly Named[], names: readonly SdkName[]): SdkName[] {
  const order = operations
    .map((operation, index) => ({
      index,
      key: `${operation.path.length.toString().padStart(6, '0')} ${operation.path} ${operation.method}`,
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const result: SdkName[] = [...names]
  const taken = new Set<string>()
  for (const { index } of order) {
    const name = names[index]
    const operation = operations[index]
    if (name === undefined || operation === undefined) continue
    const { resource } = name
    const key = (method: string): string => spelling([...resource, method].join('.'))
    let { method } = name
    for (let next = operation.id; taken.has(key(method)); next = `${next}_${suffix(operation.id)}`) method = next
    taken.add(key(method))
    result[index] = { resource, method }
  }
  return result
}
