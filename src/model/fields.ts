import type { GatedField } from './api.ts'
import { scopeNames } from './requirement.ts'
import { escapePointer, refName, type Schema, type SchemaObject, type Schemas } from './schema.ts'
import { subschemas } from './schema-walk.ts'

type Direction = 'request' | 'response'

interface Reach {
  readonly fields: readonly GatedField[]
  readonly refs: readonly string[]
}

/** Finds the gated fields that a body can carry, at any depth, through references and recursion. */
export class FieldFinder {
  readonly #schemas: Schemas
  readonly #reach = { request: new Map<string, Reach>(), response: new Map<string, Reach>() }
  readonly #any: boolean

  /** @param any whether anything is gated at all: in most documents nothing is, and no operation has to be searched */
  constructor(schemas: Schemas, any: boolean) {
    this.#schemas = schemas
    this.#any = any
  }

  /** @param pointer where `schema` stands in the bundled document */
  find(schema: Schema | undefined, pointer: string, direction: Direction): GatedField[] {
    if (!this.#any || schema === undefined) return []
    const found = new Map<string, GatedField>()
    const seen = new Set<string>()
    const queue = [look(schema, pointer, direction, bodyName(schema))]
    for (let reach = queue.pop(); reach !== undefined; reach = queue.pop()) {
      for (const field of reach.fields) found.set(field.pointer, field)
      for (const name of reach.refs) {
        if (seen.has(name)) continue
        seen.add(name)
        queue.push(this.#named(name, direction))
      }
    }
    return [...found.values()].sort((a, b) => (a.pointer < b.pointer ? -1 : 1))
  }

  #named(name: string, direction: Direction): Reach {
    const known = this.#reach[direction].get(name)
    if (known !== undefined) return known
    const reach = look(this.#schemas[name] ?? true, `/components/schemas/${escapePointer(name)}`, direction, name)
    this.#reach[direction].set(name, reach)
    return reach
  }
}

/** What one schema gates by itself, and which named schemas it leads to. */
function look(schema: Schema, pointer: string, direction: Direction, name: string): Reach {
  const fields: GatedField[] = []
  const refs = new Set<string>()
  const visit = (current: Schema, at: string, called: string): void => {
    if (typeof current === 'boolean' || current[direction === 'request' ? 'readOnly' : 'writeOnly'] === true) return
    const scopes = requiredScopes(current)
    if (scopes.length > 0) fields.push({ pointer: at, name: called, scopes })
    const ref = current.$ref === undefined ? undefined : refName(current.$ref)
    if (ref !== undefined) refs.add(ref)
    // A subtype may be reached by nothing but the discriminator's mapping.
    for (const target of Object.values(current.discriminator?.mapping ?? {})) {
      const subtype = typeof target === 'string' ? (refName(target) ?? target) : ''
      if (subtype !== '') refs.add(subtype)
    }
    for (const child of subschemas(current))
      visit(child.schema, at + child.pointer, child.keyword === 'properties' ? (child.key ?? called) : called)
  }
  visit(schema, pointer, name)
  return { fields, refs: [...refs] }
}

export function requiredScopes(schema: SchemaObject): string[] {
  const scopes: unknown = schema['x-required-scopes']
  return scopes === undefined ? [] : scopeNames(scopes)
}

function bodyName(schema: Schema): string {
  return (typeof schema === 'object' && schema.$ref !== undefined && refName(schema.$ref)) || 'body'
}
