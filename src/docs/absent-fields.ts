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
      return { name, part, missing: flatten(part, schemas).scopes.filter((scope) => !held.has(scope)) }
    })
    const shape = { items: own.items, members }
    shapes.set(described, shape)
    return shape
  }

  const visit = (value: unknown, described: Schema | undefined, path: string): unknown => {
    if (described === undefined || typeof value !== 'object' || value === null) return value
    const { items, members } = shapeOf(described)
    if (Array.isArray(value)) return value.map((item, index) => visit(item, items, `${path}/${index}`))
    const rest = new Map<string, unknown>(Object.entries(value))
    const ordered: [string, unknown][] = []
    for (const { name, part, missing } of members) {
      const at = `${path}/${escapePointer(name)}`
      if (rest.has(name)) ordered.push([name, visit(rest.get(name), part, at)])
      else if (missing.length > 0) {
        withheld.push({ path: at, scopes: missing })
        ordered.push([name, null])
      }
      rest.delete(name)
    }
    return Object.fromEntries([...ordered, ...rest])
  }
  return { body: visit(body, schema, ''), withheld }
}

interface Shape {
  readonly items: Schema | undefined
  readonly members: readonly { readonly name: string; readonly part: Schema; readonly missing: readonly string[] }[]
}
