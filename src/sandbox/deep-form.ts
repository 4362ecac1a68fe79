import type { MediaType } from '../model/api.ts'
import type { Schema, Schemas } from '../model/schema.ts'
import { coerce } from './parameters.ts'
import { shapeOf } from './shape.ts'

/** Names that nest deeper serve nobody. */
const DEPTH = 16

type Tree = Map<string, Tree> | string[]

/**
 * Members of a form in style `deepObject`: `address[city]=Ghent`, `items[0][price]=1`.
 *
 * @returns by member, and the names of fields that went into them
 */
export function deepMembers(
  fields: readonly (readonly [string, string | File])[],
  { schema, encoding }: MediaType,
  schemas: Schemas,
): { readonly members: ReadonlyMap<string, unknown>; readonly names: ReadonlySet<string> } {
  const { properties } = shapeOf(schema, schemas)
  const trees = new Map<string, Tree>()
  const names = new Set<string>()
  for (const [name, value] of fields) {
    const [, member = '', rest = ''] = /^([^[\]]+)((?:\[[^[\]]*\])+)$/.exec(name) ?? []
    if (typeof value !== 'string' || !Object.hasOwn(encoding, member) || encoding[member]?.style !== 'deepObject')
      continue
    const path = [...rest.matchAll(/\[([^[\]]*)\]/g)].map(([, step = '']) => step)
    if (path.length > DEPTH) continue
    names.add(name)
    put(trees, [member, ...path], value)
  }
  return {
    members: new Map([...trees].map(([name, tree]) => [name, assembled(tree, properties.get(name), schemas)])),
    names,
  }
}

function put(tree: Map<string, Tree>, [step = '', ...rest]: readonly string[], value: string): void {
  const below = tree.get(step)
  if (rest.length === 0) tree.set(step, Array.isArray(below) ? [...below, value] : [value])
  else {
    const inner = below instanceof Map ? below : new Map<string, Tree>()
    tree.set(step, inner)
    put(inner, rest, value)
  }
}

function assembled(tree: Tree, schema: Schema | undefined, schemas: Schemas): unknown {
  const { types, items, properties } = shapeOf(schema, schemas)
  const list = types.has('array')
  if (Array.isArray(tree)) {
    const values = tree.map((text) => coerce(text, list ? items : schema, schemas))
    return list || values.length > 1 ? values : values[0]
  }
  if (list)
    return [...tree.values()].flatMap((below) =>
      Array.isArray(below) ? below.map((text) => coerce(text, items, schemas)) : [assembled(below, items, schemas)],
    )
  return Object.fromEntries([...tree].map(([name, below]) => [name, assembled(below, properties.get(name), schemas)]))
}
