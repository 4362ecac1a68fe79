import { requiredScopes } from '../model/fields.ts'
import { escapePointer, type Schema, type SchemaObject, type Schemas } from '../model/schema.ts'
import { isSchema } from '../model/schema-walk.ts'
import { Branches, isObject, list } from './branches.ts'
import { gateTable, memberSchemas } from './gates.ts'

/** A part of a body that a schema describes. */
export interface VisibleField {
  /** JSON Pointer into a body, where `*` is any element of a list and any entry of a map that has no schema of its own. */
  readonly path: string
  /** False where a gate on it isn't opened, if only in one of the branches that a value may be. */
  readonly visible: boolean
  /** Of the gates on it. */
  readonly scopes: readonly string[]
}

/**
 * What a body may hold, field by field, and whether these scopes show it. Below a field that they don't, nothing is
 * listed; below one whose schema was met before, nothing again, so that recursion ends.
 */
export function visibleFields(schema: Schema, schemas: Schemas, held: ReadonlySet<string>): VisibleField[] {
  const branches = new Branches(schemas)
  const gates = gateTable(schemas)
  const fields: VisibleField[] = []
  const met = new Set<SchemaObject>()
  const queue: { readonly path: string; readonly described: readonly Schema[] }[] = [{ path: '', described: [schema] }]
  for (const { path, described } of queue) {
    const applied = new Set(described.filter((one) => typeof one === 'object'))
    for (const one of applied) for (const other of branches.any(one)) if (typeof other === 'object') applied.add(other)
    // Out of a string that holds a document of its own, nothing can be taken.
    const content = [...applied].flatMap(({ contentSchema }) =>
      isSchema(contentSchema) ? [...gates.all(contentSchema)] : [],
    )
    const scopes = [...new Set([...[...applied].flatMap(requiredScopes), ...content])]
    const visible = scopes.every((scope) => held.has(scope))
    if (path !== '' || !visible) fields.push({ path, visible, scopes })
    const fresh = [...applied].some((one) => !met.has(one))
    for (const one of applied) met.add(one)
    if (visible && fresh)
      for (const [key, parts] of partsOf([...applied]))
        queue.push({ path: `${path}/${escapePointer(key)}`, described: parts })
  }
  return fields
}

/** The members and elements that schemas name, each with what they say of it together. */
function partsOf(applied: readonly SchemaObject[]): Map<string, Schema[]> {
  const parts = new Map<string, Schema[]>()
  for (const { properties } of applied)
    for (const name of isObject(properties) ? Object.keys(properties) : [])
      if (!parts.has(name))
        parts.set(
          name,
          applied.flatMap((schema) => memberSchemas(schema, name)),
        )
  for (const { prefixItems } of applied)
    for (const [index, schema] of list(prefixItems).entries())
      parts.set(String(index), [...(parts.get(String(index)) ?? []), schema])
  const others = applied.flatMap((schema) => [
    schema.additionalProperties,
    ...(isObject(schema.patternProperties) ? Object.values(schema.patternProperties) : []),
    schema.unevaluatedProperties,
    schema.items,
    schema.contains,
    schema.unevaluatedItems,
  ])
  const any = others.filter(isSchema).filter((schema) => schema !== false)
  return any.length === 0 ? parts : parts.set('*', any)
}
