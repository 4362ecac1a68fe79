import type { ApiModel, MediaType, Operation } from '../model/api.ts'
import { isJson } from '../model/media-type.ts'
import { resolve } from '../model/schema.ts'
import { isItem } from './completion.ts'
import { coerce } from './parameters.ts'
import { listOf, type Resource, type Resources, success } from './resources.ts'
import type { Sampler } from './sample.ts'
import { shapeOf } from './shape.ts'
import type { Validator } from './validator.ts'
import type { Initial, Item, Items } from './world.ts'

/** What is wrong with the document, or what comes with it: for the API's owner, not for who calls it. */
export interface Finding {
  /** `seed /employees 3`, `example of getEmployee` */
  readonly where: string
  readonly detail: string
}

/** What collections hold at first: the seed, else the document's examples, else samples. Only what its schema allows. */
export class Seeds implements Initial {
  readonly #model: ApiModel
  readonly #resources: Resources
  readonly #validator: Validator
  readonly #sampler: Sampler
  readonly #report: (finding: Finding) => void
  /** From `seed.yaml`, by the collection's path. */
  readonly #given = new Map<string, readonly unknown[]>()
  /** By the collection's path where the seed names it, else by the resource's. */
  readonly #known = new Map<string, Items>()

  constructor(options: {
    readonly model: ApiModel
    readonly resources: Resources
    readonly validator: Validator
    readonly sampler: Sampler
    readonly data: Readonly<Record<string, readonly unknown[]>>
    readonly report: (finding: Finding) => void
  }) {
    this.#model = options.model
    this.#resources = options.resources
    this.#validator = options.validator
    this.#sampler = options.sampler
    this.#report = options.report
    for (const [path, items] of Object.entries(options.data)) this.#given.set(path, items)
  }

  /** @param collection path with its parameters filled in: `/employees/emp_1/notes` */
  items(collection: string): Items {
    const known = this.#known.get(collection)
    if (known !== undefined) return known
    const resource = this.#resourceAt(collection)
    if (resource === undefined) return NONE
    const given = this.#given.get(collection)
    if (given !== undefined) return this.#keep(collection, this.#keyed(resource, given, `seed ${collection}`))
    if (this.#isGiven(resource) || resource.list === undefined || this.#isBelowNewItem(collection)) return NONE
    // Without a seed each collection of a kind starts alike, so that hostile paths fill no memory.
    const shared = this.#known.get(resource.path)
    return shared ?? this.#keep(resource.path, this.#invented(resource))
  }

  /** Where no operation lists the items, nobody could know which exist: any that fits does. */
  item(collection: string, key: string): Item | undefined {
    const known = this.items(collection).get(key)
    const resource = this.#resourceAt(collection)
    if (known !== undefined || resource === undefined || resource.list !== undefined || this.#isGiven(resource))
      return known
    if (resource.key === undefined || this.#isBelowNewItem(collection)) return undefined
    const model = this.#known.get(resource.path) ?? this.#keep(resource.path, this.#invented(resource))
    const [first] = model.values()
    if (model.has(key) || first === undefined) return model.get(key)
    const property = shapeOf(resource.schema, this.#model.schemas).properties.get(resource.key)
    const item = { ...first, [resource.key]: coerce(key, property, this.#model.schemas) }
    return this.#validator.check(item, resource.schema).length === 0 ? item : undefined
  }

  #isGiven(resource: Resource): boolean {
    return [...this.#given.keys()].some((path) => isAt(path, resource.path))
  }

  #keep(path: string, items: Items): Items {
    this.#known.set(path, items)
    return items
  }

  #resourceAt(collection: string): Resource | undefined {
    for (const resource of this.#resources.all()) if (isAt(collection, resource.path)) return resource
    return undefined
  }

  /** Something made later has nothing below it yet. */
  #isBelowNewItem(collection: string): boolean {
    const segments = collection.split('/')
    const parent = segments.slice(0, -2).join('/')
    const resource = parent === '' ? undefined : this.#resourceAt(parent)
    return resource?.addressable === true && this.item(parent, decodeURIComponent(segments.at(-2) ?? '')) === undefined
  }

  #keyed(resource: Resource, values: readonly unknown[], where: string): Items {
    const items = new Map<string, Item>()
    for (const [index, value] of values.entries()) {
      const [mismatch] = this.#validator.check(value, resource.schema)
      const key = isItem(value) ? keyOf(resource, value, index) : undefined
      if (mismatch !== undefined || key === undefined)
        this.#report({
          where: `${where} ${index}`,
          detail: mismatch ? `${mismatch.pointer} ${mismatch.detail}` : 'has no key',
        })
      else if (isItem(value)) items.set(key, value)
    }
    return items
  }

  #invented(resource: Resource): Items {
    const { list, read } = resource
    const member = list === undefined ? undefined : listOf(list, this.#model.schemas)?.member
    const listed = list === undefined ? [] : examples(list).flatMap((value) => membersOf(value, member ?? ''))
    const exemplary = [...(read === undefined ? [] : examples(read)), ...listed].filter(
      (value) => this.#validator.check(value, resource.schema).length === 0,
    )
    const { key } = resource
    // The id that the documentation shows should be one that exists.
    const shown = key === undefined ? undefined : this.#shownKey(resource)
    if (exemplary.length > 0) {
      const items = this.#keyed(resource, exemplary, `example of ${resource.path}`)
      const [first] = items.values()
      if (key === undefined || shown === undefined || first === undefined || items.has(String(shown))) return items
      return new Map([...items, ...this.#keyed(resource, [{ ...first, [key]: shown }], resource.path)])
    }
    const sample = this.#sampler.sample(resource.schema)
    if (!isItem(sample)) return NONE
    if (key === undefined) return this.#keyed(resource, [sample], resource.path)
    const property = shapeOf(resource.schema, this.#model.schemas).properties.get(key) ?? true
    const keys = [shown ?? sample[key], this.#sampler.fresh(property, 1), this.#sampler.fresh(property, 2)]
    return this.#keyed(
      resource,
      keys.filter((one) => one !== undefined).map((one) => ({ ...sample, [key]: one })),
      resource.path,
    )
  }

  #shownKey({ read, path }: Resource): unknown {
    const parameter = read?.parameters.find(({ name }) => read.path === `${path}/{${name}}`)
    const schema = resolve(parameter?.schema, this.#model.schemas)
    const written = typeof schema === 'object' ? (schema.examples?.[0] ?? schema.example) : undefined
    return parameter?.examples[0]?.value ?? written
  }
}

const NONE: Items = new Map()

/** What an item is found by; items without a key by their position. */
export function keyOf({ key }: Resource, item: Item, index: number): string | undefined {
  if (key === undefined) return String(index)
  const value = item[key]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

/** Whether a path with its parameters filled in belongs to a template. */
export function isAt(path: string, template: string): boolean {
  const [own, wanted] = [path.split('/'), template.split('/')]
  return own.length === wanted.length && wanted.every((part, index) => part.includes('{') || part === own[index])
}

function examples(operation: Operation): unknown[] {
  const media: MediaType | undefined = success(operation)?.content.find(({ type }) => isJson(type))
  return (media?.examples ?? []).flatMap(({ value }) => (value === undefined ? [] : [value]))
}

function membersOf(value: unknown, member: string): unknown[] {
  const list = member === '' ? value : isItem(value) ? value[member] : undefined
  return Array.isArray(list) ? list : []
}
