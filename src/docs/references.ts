import { refName, type Schema } from '../model/schema.ts'
import { subschemas } from '../model/schema-walk.ts'

/** The named schemas that these refer to by themselves, not through others. */
export function references(schemas: readonly Schema[]): Set<string> {
  const found = new Set<string>()
  const queue = [...schemas]
  for (let current = queue.pop(); current !== undefined; current = queue.pop()) {
    if (typeof current === 'boolean') continue
    const name = current.$ref === undefined ? undefined : refName(current.$ref)
    if (name !== undefined) found.add(name)
    for (const child of subschemas(current)) queue.push(child.schema)
  }
  return found
}
