import { redact, type Withheld } from '../access/redact.ts'
import type { ApiModel, Operation } from '../model/api.ts'
import { isJson } from '../model/media-type.ts'
import { resolve, type Schema, type SchemaObject } from '../model/schema.ts'
import { Actions } from './actions.ts'
import type { Answer } from './call.ts'
import { type Completion, isItem } from './completion.ts'
import { entityTag } from './entity-tag.ts'
import { filters, fits, known, page, sorted } from './pages.ts'
import { type InvalidValue, invalid, problem } from './problem.ts'
import { type Resource, type Role, success } from './resources.ts'
import { keyOf } from './seeds.ts'
import { shapeOf } from './shape.ts'
import type { Mismatch, Validator } from './validator.ts'
import type { Item, World, Worlds } from './world.ts'

/** What is asked of a collection, once access and validity are settled. */
export interface Demand {
  readonly operation: Operation
  /** Path parameters, decoded. */
  readonly path: Readonly<Record<string, string>>
  readonly query: ReadonlyMap<string, unknown>
  /** Absent: none, or none that could be read. */
  readonly body?: unknown
  readonly ifMatch?: string
  /** Whose world it is. */
  readonly owner: string
  readonly scopes: ReadonlySet<string>
}

/** What came of it: a body that fits the document and is yet to be redacted by it, or an answer that is final. */
export type Outcome =
  /** Without a body, the operation answers from its examples or its schema. */
  | { readonly status: string; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly final: Answer }
  /** It is gated as a whole. */
  | { readonly withheld: readonly Withheld[] }

/** Lists, reads and changes the items of resources. */
export class Collections {
  readonly #model: ApiModel
  readonly #basePath: string
  readonly #worlds: Worlds
  readonly #completion: Completion
  readonly #validator: Validator
  readonly #clock: () => number
  readonly #actions: Actions
  readonly #narrowed = new WeakMap<SchemaObject, WeakMap<Item, Item>>()

  constructor(options: {
    readonly model: ApiModel
    readonly basePath: string
    readonly worlds: Worlds
    readonly completion: Completion
    /** Of responses. */
    readonly validator: Validator
    readonly clock: () => number
  }) {
    this.#model = options.model
    this.#basePath = options.basePath
    this.#worlds = options.worlds
    this.#completion = options.completion
    this.#validator = options.validator
    this.#clock = options.clock
    this.#actions = new Actions(options.model.schemas, options.validator)
  }

  exists(resource: Resource, parameter: string, demand: Demand): boolean {
    const world = this.#worlds.read(demand.owner)
    return world.item(fill(resource.path, demand.path), demand.path[parameter] ?? '') !== undefined
  }

  perform(role: Exclude<Role, { does: 'other' }>, demand: Demand): Outcome {
    const collection = fill(role.resource.path, demand.path)
    if (role.does === 'list') return this.#list(role, demand, collection)
    if (role.does === 'create') return this.#create(role.resource, demand, collection)
    const key = demand.path[role.parameter] ?? ''
    const item = this.#worlds.read(demand.owner).item(collection, key)
    if (item === undefined) return { final: absent(key) }
    const stale = this.#isStale(role.resource, item, demand)
    if (stale && role.does !== 'read')
      return { final: problem(412, 'The resource has changed since: If-Match names another state of it.') }
    const { resource } = role
    switch (role.does) {
      case 'read':
        return this.#show(resource, item, demand)
      case 'remove':
        this.#worlds.write(demand.owner, (world) => world.remove(collection, key))
        return this.#hasContent(demand.operation) ? this.#show(resource, item, demand) : { status: '204' }
      case 'replace':
        return this.#change(resource, demand, collection, key, item, this.#replacement(resource, item, demand.body))
      case 'merge': {
        const patch = isItem(demand.body) ? this.#completion.writable(resource, demand.body) : {}
        return this.#change(resource, demand, collection, key, item, this.#merged(resource, item, patch))
      }
      case 'act':
        return this.#change(
          resource,
          demand,
          collection,
          key,
          item,
          this.#actions.after(resource, item, role.action, demand.body, this.#now()),
        )
    }
  }

  /** What a caller sees of an item, by what an item of the resource is: whatever the operation's own schema omits to say. */
  #visible(resource: Resource, item: Item, scopes: ReadonlySet<string>): Item | undefined {
    const { body } = redact(item, resource.schema, this.#model.schemas, scopes)
    return isItem(body) ? body : undefined
  }

  #list(role: Extract<Role, { does: 'list' }>, demand: Demand, collection: string): Outcome {
    const { operation, query, scopes } = demand
    const { schemas } = this.#model
    const all = this.#worlds.read(demand.owner).items(collection)
    const filtering = filters(operation, query)
    const { properties: members } = shapeOf(role.resource.schema, schemas)
    const keys = [...all.keys()].filter((key) => {
      const item = filtering ? this.#visible(role.resource, all.get(key) ?? {}, scopes) : undefined
      return !filtering || (item !== undefined && fits(item, operation, query, members))
    })
    // By what the caller sees: an order by a withheld member would tell it.
    const visible = (key: string): Item => this.#visible(role.resource, all.get(key) ?? {}, scopes) ?? {}
    const shown = page(operation, query, sorted(keys, visible, query, members), schemas)
    if (shown === undefined) {
      const detail = 'is not a cursor of this list'
      return {
        final: invalid(400, 'The cursor is not one of this list.', [{ in: 'query', pointer: '/cursor', detail }]),
      }
    }
    const whole = shown.keys.map((key) => this.#declared(all.get(key) ?? {}, role.items, role.resource))
    if (whole.some((item) => this.#validator.checkOnce(item, role.items).length > 0)) return { status: '200' }
    const items = whole.flatMap((item) => this.#visible(role.resource, item, scopes) ?? [])
    const headers = shown.next === undefined ? {} : { link: this.#nextLink(collection, query, shown.next) }
    if (role.member === '') return { status: '200', body: items, headers }
    const schema = this.#successSchema(operation) ?? true
    const given = { ...known(shown.members, schema, schemas), [role.member]: [] }
    const envelope = this.#completion.complete({ ...role.resource, schema }, given, this.#now())
    if (this.#validator.check(envelope, schema).length > 0) return { status: '200' }
    return { status: '200', body: { ...envelope, [role.member]: items }, headers }
  }

  #create(resource: Resource, demand: Demand, collection: string): Outcome {
    const body = isItem(demand.body) ? demand.body : {}
    return this.#worlds.write(demand.owner, (world): Outcome => {
      if (!world.hasRoom(collection)) return { final: full() }
      const items = world.items(collection)
      const made = this.#completion.create(resource, body, (key) => items.has(key), this.#now(), world.created)
      const { item, refused } = this.#sound(resource, made, {}, body, demand.operation)
      if (refused !== undefined) return { final: refused }
      const key = keyOf(resource, item, nextIndex(items))
      if (key === undefined)
        return { final: problem(500, 'The sandbox could not make an identifier for this resource.') }
      if (items.has(key)) return { final: problem(409, `There is already something with the ${resource.key} ${key}.`) }
      world.created++
      world.put(collection, key, item)
      const location = `${this.#basePath}${collection}/${encodeURIComponent(key)}`
      return this.#show(resource, item, demand, '201', resource.addressable ? { location } : {})
    })
  }

  #change(resource: Resource, demand: Demand, collection: string, key: string, before: Item, changed: Item): Outcome {
    const now = this.#now()
    const made = this.#completion.touch(resource, this.#completion.complete(resource, changed, now), now)
    const sent = isItem(demand.body) ? demand.body : {}
    const { item, refused } = this.#sound(resource, made, before, sent, demand.operation)
    if (refused !== undefined) return { final: refused }
    return this.#worlds.write(demand.owner, (world: World): Outcome => {
      if (!world.hasRoom()) return { final: full() }
      world.put(collection, key, resource.key === undefined ? item : { ...item, [resource.key]: before[resource.key] })
      return this.#show(resource, world.items(collection).get(key) ?? item, demand)
    })
  }

  /** The client's members, and of the others only the server's own. */
  #replacement(resource: Resource, before: Item, body: unknown): Item {
    const { properties } = shapeOf(resource.schema, this.#model.schemas)
    const own = Object.entries(before).filter(
      ([name]) => name === resource.key || this.#isReadOnly(properties.get(name)),
    )
    return { ...(isItem(body) ? this.#completion.writable(resource, body) : {}), ...Object.fromEntries(own) }
  }

  #merged(resource: Resource, before: Item, patch: Item): Item {
    const merged = this.#completion.merge(before, patch, resource.schema)
    return isItem(merged) ? merged : before
  }

  /**
   * An item that fits the document, or why there is none. What a request writes differently than the item holds it (an id
   * for an object) is the server's to translate, which the sandbox can't: it keeps what there was, or makes it up.
   */
  #sound(
    resource: Resource,
    made: Item,
    before: Item,
    sent: Item,
    operation: Operation,
  ): { readonly item: Item; readonly refused?: Answer } {
    const mismatches = this.#validator.check(made, resource.schema)
    if (mismatches.length === 0) return { item: made }
    const member = ({ pointer }: Mismatch): string => pointer.split('/')[1] ?? ''
    const bad = mismatches.filter((mismatch) => !mismatch.structural && Object.hasOwn(sent, member(mismatch)))
    if (bad.length > 0) {
      const status = operation.responses.some((response) => response.status === '422') ? 422 : 400
      const errors = bad.map(({ pointer, detail }): InvalidValue => ({ in: 'body', pointer, detail }))
      return { item: made, refused: invalid(status, 'The body does not make a valid resource.', errors) }
    }
    const foreign = new Set(mismatches.map(member))
    const kept = Object.entries(made).flatMap(([name, value]): [string, unknown][] => {
      if (!foreign.has(name)) return [[name, value]]
      return Object.hasOwn(before, name) ? [[name, before[name]]] : []
    })
    const item = this.#completion.complete(resource, Object.fromEntries(kept), this.#now())
    const left = this.#validator.check(item, resource.schema)
    return left.length === 0 ? { item } : { item, refused: unfit(left) }
  }

  #show(
    resource: Resource,
    item: Item,
    demand: Demand,
    status = '200',
    headers: Readonly<Record<string, string>> = {},
  ): Outcome {
    const schema = this.#successSchema(demand.operation)
    if (schema === undefined) return { status, headers }
    const declared = this.#declared(item, schema, resource)
    // The operation answers with something else than the item: an example or a sample it is.
    if (this.#validator.checkOnce(declared, schema).length > 0) return { status, headers }
    const { body: visible, withheld } = redact(declared, resource.schema, this.#model.schemas, demand.scopes)
    if (!isItem(visible)) return { withheld }
    const tag = this.#declaresTag(demand.operation) ? { etag: entityTag(visible) } : {}
    return { status, body: visible, headers: { ...headers, ...tag } }
  }

  /** The item as another schema than its own describes it: what that doesn't name stays inside. */
  #declared(item: Item, schema: Schema, resource: Resource): Item {
    const { schemas } = this.#model
    const target = resolve(schema, schemas)
    if (typeof target !== 'object' || target === resolve(resource.schema, schemas)) return item
    const { properties, open } = shapeOf(schema, schemas)
    if (open || properties.size === 0) return item
    const narrowed = this.#narrowed.get(target) ?? new WeakMap<Item, Item>()
    this.#narrowed.set(target, narrowed)
    const known = narrowed.get(item)
    if (known !== undefined) return known
    const declared = Object.fromEntries(Object.entries(item).filter(([name]) => properties.has(name)))
    narrowed.set(item, declared)
    return declared
  }

  #isStale(resource: Resource, item: Item, { ifMatch, scopes, operation }: Demand): boolean {
    if (ifMatch === undefined || ifMatch.trim() === '*') return false
    if (!this.#declaresTag(operation) && !(resource.read && this.#declaresTag(resource.read))) return false
    const tag = entityTag(this.#visible(resource, item, scopes) ?? {})
    return !ifMatch.split(',').some((one) => one.trim() === tag)
  }

  #declaresTag(operation: Operation): boolean {
    return success(operation)?.headers.some(({ name }) => name.toLowerCase() === 'etag') ?? false
  }

  #hasContent(operation: Operation): boolean {
    return success(operation, '204')?.status !== '204' && this.#successSchema(operation) !== undefined
  }

  #successSchema(operation: Operation): Schema | undefined {
    return success(operation)?.content.find(({ type }) => isJson(type))?.schema
  }

  #isReadOnly(property: Schema | undefined): boolean {
    const target = resolve(property, this.#model.schemas)
    return [property, target].some((schema) => typeof schema === 'object' && schema.readOnly === true)
  }

  #nextLink(collection: string, query: ReadonlyMap<string, unknown>, next: Readonly<Record<string, string>>): string {
    const parameters = new URLSearchParams()
    for (const [name, value] of query)
      if (!(name in next) && typeof value !== 'object') parameters.set(name, String(value))
    for (const [name, value] of Object.entries(next)) parameters.set(name, value)
    return `<${this.#basePath}${collection}?${parameters}>; rel="next"`
  }

  #now(): Date {
    return new Date(this.#clock())
  }
}

/** 404 by value. */
export function absent(key: string): Answer {
  return problem(404, `There is nothing with the id ${JSON.stringify(key)} in this sandbox.`)
}

function full(): Answer {
  return problem(507, 'This sandbox holds as much as it can for one app.')
}

/** A path with its parameters: they stay encoded, so that none reaches beyond its segment. */
export function fill(path: string, values: Readonly<Record<string, string>>): string {
  return path.replace(/\{([^{}]+)\}/g, (_, name: string) =>
    encodeURIComponent(Object.hasOwn(values, name) ? (values[name] ?? '') : ''),
  )
}

function nextIndex(items: ReadonlyMap<string, Item>): number {
  let index = items.size
  while (items.has(String(index))) index++
  return index
}

/** The sandbox never answers what the document doesn't allow. */
export function unfit(mismatches: readonly Pick<Mismatch, 'pointer' | 'detail'>[]): Answer {
  const errors = mismatches.map(({ pointer, detail }): InvalidValue => ({ in: 'response', pointer, detail }))
  return invalid(500, 'The sandbox could not make an answer that fits the document.', errors)
}
