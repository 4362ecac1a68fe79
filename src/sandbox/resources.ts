import type { ApiModel, Operation, Response } from '../model/api.ts'
import { isJson } from '../model/media-type.ts'
import { resolve, type Schema, type Schemas } from '../model/schema.ts'
import { shapeOf } from './shape.ts'

/** A collection of things that the sandbox keeps: `/employees` and `/employees/{id}`. */
export interface Resource {
  /** Path of the collection. */
  readonly path: string
  /** Member that identifies an item; undefined where items can't be addressed. */
  readonly key: string | undefined
  /** What an item is. */
  readonly schema: Schema
  readonly list: Operation | undefined
  readonly read: Operation | undefined
  /** Whether there is a path for one item. */
  readonly addressable: boolean
}

/** What an operation does to a resource. */
export type Role =
  | { readonly does: 'list'; readonly resource: Resource; readonly member: string; readonly items: Schema }
  | { readonly does: 'create'; readonly resource: Resource }
  | { readonly does: 'read' | 'replace' | 'merge' | 'remove'; readonly resource: Resource; readonly parameter: string }
  /** `POST /articles/{id}/publish` */
  | { readonly does: 'act'; readonly resource: Resource; readonly parameter: string; readonly action: string }
  | { readonly does: 'other' }

/** Recognises resources from paths and schemas. */
export class Resources {
  readonly #schemas: Schemas
  readonly #byPath = new Map<string, Resource>()

  constructor({ operations, schemas }: Pick<ApiModel, 'operations' | 'schemas'>) {
    this.#schemas = schemas
    const at = new Map<string, Map<string, Operation>>()
    for (const operation of operations) {
      const methods = at.get(operation.path) ?? new Map<string, Operation>()
      at.set(operation.path, methods.set(operation.method, operation))
    }
    const items = new Map<string, string>()
    for (const path of at.keys()) {
      const { collection, parameter } = split(path)
      if (parameter !== undefined && !items.has(collection)) items.set(collection, path)
    }
    for (const path of at.keys()) {
      const { collection, parameter } = split(path)
      const root = parameter === undefined ? path : collection
      if (this.#byPath.has(root)) continue
      const item = items.get(root)
      const resource = this.#resource(root, at.get(root), item, at.get(item ?? ''))
      if (resource !== undefined) this.#byPath.set(root, resource)
    }
  }

  all(): Iterable<Resource> {
    return this.#byPath.values()
  }

  role(operation: Operation): Role {
    const { method, path } = operation
    const own = this.#byPath.get(path)
    if (own !== undefined) {
      const list = method === 'GET' ? listOf(operation, this.#schemas) : undefined
      if (list !== undefined) return { does: 'list', resource: own, ...list }
      if (method === 'POST') return { does: 'create', resource: own }
      return { does: 'other' }
    }
    const { collection, parameter } = split(path)
    const resource = this.#byPath.get(collection)
    if (resource !== undefined && parameter !== undefined) {
      const does = this.#itemRole(operation, resource)
      return does === undefined ? { does: 'other' } : { does, resource, parameter }
    }
    return this.#action(operation) ?? { does: 'other' }
  }

  /** The resources whose items the path goes through: what must exist before anything below it does. */
  parents({ path }: Operation): { readonly resource: Resource; readonly parameter: string }[] {
    const segments = path.split('/')
    return segments.flatMap((_, index) => {
      if (index < 2 || index >= segments.length - 1) return []
      const { collection, parameter } = split(segments.slice(0, index + 1).join('/'))
      const resource = parameter === undefined ? undefined : this.#byPath.get(collection)
      return resource?.addressable && parameter !== undefined ? [{ resource, parameter }] : []
    })
  }

  #itemRole(operation: Operation, resource: Resource): 'read' | 'replace' | 'merge' | 'remove' | undefined {
    switch (operation.method) {
      case 'GET':
        return operation === resource.read ? 'read' : undefined
      case 'PUT':
        return 'replace'
      case 'PATCH':
        return 'merge'
      case 'DELETE':
        return 'remove'
      // Some APIs update by POST.
      case 'POST':
        return this.#answersWith(operation, resource) ? 'merge' : undefined
      default:
        return undefined
    }
  }

  #action(operation: Operation): Role | undefined {
    const segments = operation.path.split('/')
    const action = segments.at(-1)
    const { collection, parameter } = split(segments.slice(0, -1).join('/'))
    const resource = this.#byPath.get(collection)
    if (action === undefined || parameter === undefined || resource === undefined || operation.method === 'GET')
      return undefined
    return this.#answersWith(operation, resource) ? { does: 'act', resource, parameter, action } : undefined
  }

  #answersWith(operation: Operation, resource: Resource): boolean {
    const schema = successSchema(operation)
    return schema !== undefined && resolve(schema, this.#schemas) === resolve(resource.schema, this.#schemas)
  }

  #resource(
    path: string,
    collection: ReadonlyMap<string, Operation> | undefined,
    itemPath: string | undefined,
    item: ReadonlyMap<string, Operation> | undefined,
  ): Resource | undefined {
    const get = collection?.get('GET')
    const listed = get === undefined ? undefined : listOf(get, this.#schemas)
    const list = listed === undefined ? undefined : get
    const read = item?.get('GET')
    const create = collection?.get('POST')
    if (list === undefined && (read === undefined || create === undefined)) return undefined
    const sources = [read, item?.get('PATCH'), item?.get('PUT'), create]
    const schemas = [...sources.map((source) => source && successSchema(source)), listed?.items]
    const parameter = itemPath === undefined ? undefined : split(itemPath).parameter
    for (const schema of schemas) {
      const { types, properties } = shapeOf(schema, this.#schemas)
      if (schema === undefined || !types.has('object')) continue
      const key = keyOf([...properties.keys()], parameter)
      if (key === undefined && parameter !== undefined) continue
      const sound = read !== undefined && schema === successSchema(read)
      return { path, key, schema, list, read: sound ? read : undefined, addressable: parameter !== undefined }
    }
    return undefined
  }
}

/** Where a list's items are: the body itself (`''`) or the one list of objects among its members. */
export function listOf(operation: Operation, schemas: Schemas): { member: string; items: Schema } | undefined {
  const schema = successSchema(operation)
  const shape = shapeOf(schema, schemas)
  const candidates = shape.types.has('array')
    ? [{ member: '', items: shape.items }]
    : [...shape.properties].flatMap(([member, property]) => {
        const { types, items } = shapeOf(property, schemas)
        return types.has('array') ? [{ member, items }] : []
      })
  const lists = candidates.filter(({ items }) => shapeOf(items, schemas).types.has('object'))
  const [only] = lists
  // A single thing that holds a list is no list of things: that one would have its own members besides.
  if (only?.items === undefined || lists.length > 1 || (only.member !== '' && shape.properties.has('id')))
    return undefined
  return { member: only.member, items: only.items }
}

/** The success that an operation answers with: of several, the one that its method suggests. */
export function success(operation: Operation, preferred?: string): Response | undefined {
  const successes = operation.responses.filter(({ status }) => status.startsWith('2'))
  return (
    successes.find(({ status }) => status === preferred) ??
    successes.toSorted((a, b) => (a.status < b.status ? -1 : 1))[0] ??
    operation.responses.find(({ status }) => status === 'default')
  )
}

function successSchema(operation: Operation): Schema | undefined {
  return success(operation)?.content.find(({ type }) => isJson(type))?.schema
}

/** `/employees/{id}` → `/employees`, `id`; without a parameter at the end, none. */
function split(path: string): { readonly collection: string; readonly parameter: string | undefined } {
  const slash = path.lastIndexOf('/')
  const parameter = /^\{([^{}]+)\}$/.exec(path.slice(slash + 1))?.[1]
  return { collection: path.slice(0, slash), parameter }
}

/** The member that a path parameter stands for: of that name, or `id`, or what the name ends with (`petId`). */
function keyOf(properties: readonly string[], parameter: string | undefined): string | undefined {
  if (parameter === undefined) return properties.includes('id') ? 'id' : undefined
  if (properties.includes(parameter)) return parameter
  const plain = (name: string): string => name.replace(/[^a-z0-9]/gi, '').toLowerCase()
  const ending = properties.filter((name) => plain(name) !== '' && plain(parameter).endsWith(plain(name)))
  return (
    ending.toSorted((a, b) => b.length - a.length)[0] ?? ['id', '_id', 'uuid'].find((name) => properties.includes(name))
  )
}
