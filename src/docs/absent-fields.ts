import type { Withheld } from '../access/redact.ts'
import { escapePointer, type Schema, type Schemas } from '../model/schema.ts'
import { flatten } from './schema-flat.ts'

/**
 * A body that was redacted, with the members that its schema gates put back, empty: so that a reader sees where they would
 * have been, and which scopes would show them.
 */
export function absentFields(
  body: unknown,
  schema: Schema | undefined,
  schemas: Schemas,
  held: ReadonlySet<string>,
): { body: unknown; withheld: Withheld[] } {
  const withheld: Withheld[] = []
  const shapes = new Map<Schema, Shape>()
  const shapeOf = (described: Schema): Shape => {
    const known = shapes.get(described)
    if (known !== undefined) return known
    const { own, properties } = flatten(described, schemas)
    const members = [...properties].map(([name, parts]) => {
      const part: Schema = parts.length === 1 && parts[0] !== undefined ? parts[0] : { allOf: parts }
      const missing = flatten(part, schemas).scopes.filter((scope) => !held.has(scope))
      return { name, step: `/${escapePointer(name)}`, part, missing }
    })
    const shape = { items: own.items, members, names: new Set(members.map(({ name }) => name)) }
    shapes.set(described, shape)
    return shape
  }

  const visit = (value: unknown, described: Schema | undefined, path: string): unknown => {
    if (described === undefined || typeof value !== 'object' || value === null) return value
    const { items, members, names } = shapeOf(described)
    if (Array.isArray(value)) return value.map((item, index) => visit(item, items, `${path}/${index}`))
    // Without a prototype, a member called __proto__ is one like any other.
    const full: Record<string, unknown> = Object.create(null)
    for (const { name, step, part, missing } of members) {
      if (Object.hasOwn(value, name)) full[name] = visit(Reflect.get(value, name), part, path + step)
      else if (missing.length > 0) {
        withheld.push({ path: path + step, scopes: missing })
        full[name] = null
      }
    }
    for (const [name, member] of Object.entries(value)) if (!names.has(name)) full[name] = member
    return full
  }
  return { body: visit(body, schema, ''), withheld }
}

interface Shape {
  readonly items: Schema | undefined
  readonly members: readonly {
    readonly name: string
    /** The name as a part of a JSON Pointer. */
    readonly step: string
    readonly part: Schema
    readonly missing: readonly string[]
  }[]
  readonly names: ReadonlySet<string>
}
