import type { Schema, Schemas } from '../model/schema.ts'
import { resolve } from '../model/schema.ts'
import type { Resource } from './resources.ts'
import type { Sampler } from './sample.ts'
import { shapeOf } from './shape.ts'
import type { Validator } from './validator.ts'
import type { Item } from './world.ts'

/** What a server adds to what a client sends: ids, times, defaults, and whatever else an item can't be without. */
export class Completion {
  readonly #schemas: Schemas
  readonly #sampler: Sampler
  readonly #validator: Validator

  constructor(schemas: Schemas, sampler: Sampler, validator: Validator) {
    this.#schemas = schemas
    this.#sampler = sampler
    this.#validator = validator
  }

  /** The members of a request that a client may set: those the item has, but for the server's own. */
  writable(resource: Resource, body: Item): Item {
    const { properties, required, open } = shapeOf(resource.schema, this.#schemas)
    return Object.fromEntries(
      Object.entries(body).filter(([name]) => {
        const property = properties.get(name)
        return property === undefined ? open || required.has(name) : !this.#is(property, 'readOnly')
      }),
    )
  }

  /** @param salt tells one new item from the next */
  create(resource: Resource, body: Item, taken: (key: string) => boolean, now: Date, salt: number): Item {
    const { key } = resource
    const given = this.writable(resource, body)
    const item =
      key === undefined || given[key] !== undefined ? given : { [key]: this.#id(resource, taken, salt), ...given }
    return this.complete(resource, item, now)
  }

  /** With what is required and missing: a default, a time, null, or a sample. */
  complete(resource: Resource, item: Item, now: Date): Item {
    const { properties, required } = shapeOf(resource.schema, this.#schemas)
    const described = [...properties, ...[...required].filter((name) => !properties.has(name)).map(anything)]
    const added = described.flatMap(([name, property]): [string, unknown][] => {
      if (Object.hasOwn(item, name)) return []
      const value = this.#missing(name, property, required.has(name), now)
      return value === undefined ? [] : [[name, value]]
    })
    const all = new Map([...Object.entries(item), ...added])
    // In the order of the schema, as a server would answer.
    const names = new Set([...properties.keys(), ...all.keys()])
    return Object.fromEntries([...names].flatMap((name) => (all.has(name) ? [[name, all.get(name)]] : [])))
  }

  /** The item after a change: its time of change moved on, its revision counted up. */
  touch(resource: Resource, item: Item, now: Date): Item {
    const { properties } = shapeOf(resource.schema, this.#schemas)
    const changes = [...properties].flatMap(([name, property]): [string, unknown][] => {
      if (CHANGED.test(name) && this.#isTime(property)) return [[name, timestamp(now)]]
      const count = item[name]
      return REVISION.test(name) && typeof count === 'number' ? [[name, count + 1]] : []
    })
    return { ...item, ...Object.fromEntries(changes) }
  }

  /** JSON Merge Patch (RFC 7396); null is kept where the member may be null. */
  merge(target: unknown, patch: unknown, schema: Schema | undefined): unknown {
    if (!isItem(patch)) return patch
    const { properties } = shapeOf(schema, this.#schemas)
    const merged = new Map<string, unknown>(isItem(target) ? Object.entries(target) : [])
    for (const [name, value] of Object.entries(patch)) {
      const property = properties.get(name)
      if (value !== null) merged.set(name, this.merge(merged.get(name), value, property))
      else if (property !== undefined && this.#validator.check(null, property).length === 0) merged.set(name, null)
      else merged.delete(name)
    }
    return Object.fromEntries(merged)
  }

  #missing(name: string, property: Schema, required: boolean, now: Date): unknown {
    const byDefault = this.#default(property)
    if (byDefault !== undefined) return byDefault
    const readOnly = this.#is(property, 'readOnly')
    if ((required || readOnly) && (CREATED.test(name) || CHANGED.test(name)) && this.#isTime(property))
      return timestamp(now)
    if (!required) return undefined
    return this.#validator.check(null, property).length === 0 ? null : this.#sampler.sample(property)
  }

  #id({ schema, key = '' }: Resource, taken: (key: string) => boolean, salt: number): unknown {
    const property = shapeOf(schema, this.#schemas).properties.get(key) ?? true
    const { types } = shapeOf(property, this.#schemas)
    if (types.has('integer') || types.has('number')) {
      let id = 1
      while (taken(String(id))) id++
      return id
    }
    for (let attempt = 0; attempt < 10; attempt++) {
      const id = this.#sampler.fresh(property, salt * 10 + attempt)
      if (typeof id === 'string' && id !== '' && !taken(id)) return id
    }
    return `${salt + 1}`
  }

  #default(property: Schema): unknown {
    const target = resolve(property, this.#schemas)
    if (typeof property === 'object' && property.default !== undefined) return property.default
    return typeof target === 'object' ? target.default : undefined
  }

  #is(property: Schema, keyword: 'readOnly' | 'writeOnly'): boolean {
    const target = resolve(property, this.#schemas)
    return [property, target].some((schema) => typeof schema === 'object' && schema[keyword] === true)
  }

  #isTime(property: Schema): boolean {
    const target = resolve(property, this.#schemas)
    return typeof target === 'object' && target.format === 'date-time'
  }
}

/** A member that is required and not described. */
function anything(name: string): [string, Schema] {
  return [name, true]
}

const CREATED = /^(created|added|filed|inserted)/i
const CHANGED = /^(updated|modified|changed|last_?(updated|modified|changed))/i
const REVISION = /^(revision|version)$/i

export function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** RFC 3339, to the second. */
export function timestamp(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z')
}
