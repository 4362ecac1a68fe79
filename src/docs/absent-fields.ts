import { escapePointer, type Schema, type Schemas } from '../model/schema.ts'
import { flatten } from './schema-flat.ts'

/**
 * A body that was redacted, with the members that its schema gates put back, empty, and their JSON Pointers: so that a reader
 * sees where they would have been.
 */
export function absentFields(
  body: unknown,
  schema: Schema | undefined,
  schemas: Schemas,
  held: ReadonlySet<string>,
): { body: unknown; withheld: string[] } {
  const withheld: string[] = []
  const visit = (value: unknown, described: Schema | undefined, path: string): unknown => {
    if (described === undefined || typeof value !== 'object' || value === null) return value
    const flat = flatten(described, schemas)
    if (Array.isArray(value)) return value.map((item, index) => visit(item, flat.own.items, `${path}/${index}`))
    const members = new Map<string, unknown>(Object.entries(value))
    const ordered: [string, unknown][] = []
    for (const [name, parts] of flat.properties) {
      const part: Schema = { allOf: parts }
      const at = `${path}/${escapePointer(name)}`
      if (members.has(name)) ordered.push([name, visit(members.get(name), part, at)])
      else if (!flatten(part, schemas).scopes.every((scope) => held.has(scope))) {
        withheld.push(at)
        ordered.push([name, null])
      }
      members.delete(name)
    }
    return Object.fromEntries([...ordered, ...members])
  }
  return { body: visit(body, schema, ''), withheld }
}
