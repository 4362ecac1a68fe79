import { refName, type Schema, type SchemaObject, type Schemas } from '../../model/schema.ts'

/**
 * References that a type can't follow, as it would be defined by itself: `A` is a `B` or a string, `B` is an `A`. What
 * stands in a member of an object may refer to anything. By schema: the names that it must not refer to.
 */
export function circles(schemas: Schemas): ReadonlyMap<string, ReadonlySet<string>> {
  const cut = new Map<string, Set<string>>()
  const state = new Map<string, 'open' | 'done'>()
  const visit = (name: string): void => {
    state.set(name, 'open')
    for (const target of immediate(schemas[name])) {
      if (state.get(target) === 'open') cut.set(name, (cut.get(name) ?? new Set()).add(target))
      else if (!state.has(target) && Object.hasOwn(schemas, target)) visit(target)
    }
    state.set(name, 'done')
  }
  // From unions first: it is their members that lose what leads back to the union.
  const names = Object.keys(schemas)
  const unions = names.filter((name) => isUnion(schemas[name]))
  for (const name of [...unions, ...names]) if (!state.has(name)) visit(name)
  return cut
}

function isUnion(schema: Schema | undefined): boolean {
  return typeof schema === 'object' && (schema.oneOf !== undefined || schema.anyOf !== undefined)
}

/** The named schemas that a schema's type consists of. */
function immediate(schema: Schema | undefined): string[] {
  if (typeof schema !== 'object') return []
  if (typeof schema.$ref === 'string') {
    const name = refName(schema.$ref)
    return name === undefined ? [] : [name]
  }
  return parts(schema).flatMap(immediate)
}

function parts({ allOf, anyOf, oneOf, prefixItems, items }: SchemaObject): Schema[] {
  return [allOf, anyOf, oneOf, prefixItems, items].flatMap((part) => part ?? [])
}
