import { resolve, type Schemas } from '../model/schema.ts'
import { isItem, timestamp } from './completion.ts'
import type { Resource } from './resources.ts'
import { shapeOf } from './shape.ts'
import type { Validator } from './validator.ts'
import type { Item } from './world.ts'

/** What `POST /articles/{id}/publish` and its like leave behind. */
export class Actions {
  readonly #schemas: Schemas
  readonly #validator: Validator

  constructor(schemas: Schemas, validator: Validator) {
    this.#schemas = schemas
    this.#validator = validator
  }

  /**
   * The item afterwards, as far as the action's name tells: `approve` sets a status `approved`, and a time `approvedAt`.
   * Members of its body that the item has are taken over, read-only or not: it is the server that sets them here.
   */
  after(resource: Resource, before: Item, action: string, body: unknown, now: Date): Item {
    const { properties } = shapeOf(resource.schema, this.#schemas)
    const given = isItem(body) ? body : {}
    const taken = Object.entries(given).filter(
      ([name, value]) =>
        properties.has(name) && this.#validator.check(value, properties.get(name) ?? true).length === 0,
    )
    const after = new Map([...Object.entries(before), ...taken])
    // Where the action's name says nothing (`review`), a word of its body may (`verdict: approve`).
    const words = [action, ...Object.values(given).filter((value) => typeof value === 'string')]
    const stems = words.filter((word) => /^[\w-]{4,20}$/.test(word)).map((word) => word.toLowerCase().replace(/e$/, ''))
    for (const [name, property] of properties) {
      if (/^(status|state)$/i.test(name)) {
        const target = resolve(property, this.#schemas)
        const choices: readonly unknown[] = typeof target === 'object' && Array.isArray(target.enum) ? target.enum : []
        const reached = stems.flatMap((stem) => choices.filter((choice) => startsWith(choice, stem)))
        if (reached.length > 0) after.set(name, reached[0])
      } else if (stems.some((stem) => startsWith(name, stem)) && /[a-z](At|On|_at|_on)$/.test(name)) {
        const time = timestamp(now)
        if (this.#validator.check(time, property).length === 0) after.set(name, time)
      }
    }
    return Object.fromEntries(after)
  }
}

function startsWith(value: unknown, stem: string): boolean {
  return typeof value === 'string' && value.toLowerCase().startsWith(stem)
}
