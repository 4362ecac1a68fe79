import { gateTable } from '../access/gates.ts'
import type { ApiModel } from '../model/api.ts'
import { refName, type Schema, type SchemaObject, type Schemas } from '../model/schema.ts'
import { isSchema } from '../model/schema-walk.ts'
import type { Inline } from '../wording/inline.ts'
import { schema as say, constraints as sayOf } from '../wording/wording.ts'
import { fieldAnchor } from './anchor.ts'
import { type Carrier, carrierBy } from './carrier.ts'
import { constraints } from './constraints.ts'
import type { Viewer } from './lens.ts'
import { excerpt, markdown } from './markdown.ts'
import {
  type FlatSchema,
  flatten,
  isSchemaLike,
  isStructured,
  places,
  scopesOn,
  types,
  type Union,
} from './schema-flat.ts'
import { flatTypeName, literal, typeName } from './type-name.ts'
import { type Withheld, withheld } from './withheld.ts'

/** A schema as rows to be read, at most three names and {@link MOST_NODES} nodes deep. */
export interface SchemaNode {
  readonly type: string
  /** The named schema that this is, or of which it is a list. */
  readonly ref?: string
  /** HTML, sanitised. */
  readonly description: string
  /** What `description` was made of: Markdown, hostile. */
  readonly source?: string
  readonly facts: readonly (readonly Inline[])[]
  /** Of an enum, where they are too many for the type, or have a meaning each. */
  readonly values: readonly EnumValue[]
  readonly rows: readonly FieldRow[]
  readonly choices: readonly Choice[]
  /** There is more than is shown: at the page of `ref`, or only in the document. */
  readonly more?: 'recursion' | 'depth'
}

export interface EnumValue {
  readonly text: string
  /** In words, from `x-enum-descriptions` and its like. */
  readonly meaning?: string
}

/** What takes scopes of its own. */
export interface Gated {
  readonly scopes: readonly string[]
  /** As whom the page is seen. Absent: it is there. */
  readonly withheld?: Withheld & { /** In words: what becomes of it. */ readonly how: string }
}

export interface FieldRow extends Gated {
  readonly name: string
  /** Its id on the page. */
  readonly anchor: string
  /** `entry`: `*` and patterns stand for names that the document doesn't know. `item`: a place in a tuple, from 1; `3…`: from there on. */
  readonly kind: 'property' | 'entry' | 'item'
  /** In words: required, read-only, write-only, deprecated. */
  readonly flags: readonly string[]
  readonly node: SchemaNode
}

export interface Choice {
  /** `if`: what holds depending on whether the first option does; `with`: where there is a field of the option's name; `not`: what may not be. */
  readonly kind: Union['kind'] | 'if' | 'with' | 'not'
  readonly options: readonly {
    readonly title: string
    /** The discriminator's name, and the values that choose this. */
    readonly when?: { readonly property: string; readonly values: readonly string[] }
    /** Where the others don't take the same. */
    readonly gated?: Gated
    readonly node: SchemaNode
  }[]
}

export interface TreeOptions {
  readonly model: Pick<ApiModel, 'schemas'>
  readonly viewer: Viewer
  /** What ids of fields begin with. */
  readonly anchor: string
  /** Leaves read-only fields out of requests and write-only ones out of responses. */
  readonly direction?: 'request' | 'response'
  /** Without a direction: what carries the fields of this schema. */
  readonly carrier?: Carrier
}

const MOST_NODES = 1000
const DEPTH_NAMED = 3
const DEPTH_ANONYMOUS = 6
const MOST_VALUES_IN_TYPE = 4

interface Walk extends TreeOptions {
  left: number
  /** Whether anything in it takes a scope: in most documents nothing does. */
  readonly gates: boolean
  /** How often each was wanted. */
  readonly anchors: Map<string, number>
}

/** Where in the tree something stands. */
interface Place {
  /** Named schemas on the way here. */
  readonly names: readonly string[]
  readonly anchor: string
  readonly depth: number
}

export function schemaTree(schema: Schema, options: TreeOptions): SchemaNode {
  const { schemas } = options.model
  const place = { names: [], anchor: options.anchor, depth: 0 }
  return node(
    flatten(schema, schemas),
    { ...options, left: MOST_NODES, gates: holdsGates(schema, schemas), anchors: new Map() },
    place,
  )
}

function holdsGates(schema: Schema, schemas: Schemas): boolean {
  return gateTable(schemas).all(schema).size > 0
}

/** A schema as a whole: undefined where it takes no scope. */
export function gatedSchema(schema: Schema, options: TreeOptions): Gated | undefined {
  const { schemas } = options.model
  if (!holdsGates(schema, schemas)) return undefined
  const gated = gatedBy(flatten(schema, schemas), options)
  return gated.scopes.length === 0 ? undefined : gated
}

function gatedBy(flat: FlatSchema, { model, viewer, direction, carrier }: Omit<TreeOptions, 'anchor'>): Gated {
  const scopes = scopesOn(flat, model.schemas)
  const hidden = withheld(scopes, viewer)
  if (hidden === undefined) return { scopes }
  return { scopes, withheld: { ...hidden, how: say.withheld[direction ?? carrierBy(flat.own) ?? carrier ?? 'either'] } }
}

function node(flat: FlatSchema, walk: Walk, place: Place): SchemaNode {
  walk.left--
  const { leaf, shown } = said(flat, walk.model.schemas)
  if (shown === undefined) return leaf
  if (shown.names.some((name) => place.names.includes(name))) return { ...leaf, more: 'recursion' }
  const limit = leaf.ref === undefined ? DEPTH_ANONYMOUS : DEPTH_NAMED
  if (place.depth >= limit || walk.left <= 0) return { ...leaf, more: 'depth' }
  const inside: Place = {
    names: [...place.names, ...flat.names, ...shown.names],
    anchor: place.anchor,
    depth: place.depth + 1,
  }
  return {
    ...leaf,
    rows: rows(shown, walk, inside),
    choices: [
      ...shown.unions.map((union) => choice(union, walk, inside)),
      ...conditions(shown, walk, inside),
      ...dependents(shown, walk, inside),
      ...barred(shown, walk, inside),
    ],
  }
}

/** What a schema says, wherever it stands in a document, or in what one audience sees of it. */
interface Said {
  /** Without anything below. */
  readonly leaf: SchemaNode
  /** What has fields or choices: the schema, or the items of a list. */
  readonly shown: FlatSchema | undefined
}

const known = new WeakMap<Schemas, WeakMap<SchemaObject | FlatSchema, Said>>()

function said(flat: FlatSchema, schemas: Schemas): Said {
  const before = known.get(schemas) ?? new WeakMap<SchemaObject | FlatSchema, Said>()
  known.set(schemas, before)
  const key = flat.plain ? flat.own : flat
  const found = before.get(key) ?? newlySaid(flat, schemas)
  before.set(key, found)
  return found
}

function newlySaid(flat: FlatSchema, schemas: Schemas): Said {
  const inner = item(flat, schemas)
  // A list reads as its items: the type says that it is one. So does text as what it holds.
  const shown = inner ?? held(flat, schemas) ?? flat
  const below = isStructured(shown) || isBarred(shown, schemas)
  const [ref] = shown.names
  const leaf = {
    type: flatTypeName(flat, schemas),
    ...(ref !== undefined && below && { ref }),
    ...described(flat.own.description),
    facts: [...constraints(flat, schemas), ...(inner === undefined ? [] : constraints(inner, schemas).map(sayOf.each))],
    values: enumValues(flat) ?? (inner && enumValues(inner)) ?? [],
    rows: [],
    choices: [],
  }
  return { leaf, shown: below ? shown : undefined }
}

/** A description as text and as it is shown. */
export function described(source: unknown, level: 3 | 4 = 4): Pick<SchemaNode, 'description' | 'source'> {
  return typeof source === 'string' ? { source, description: markdown(source, level) } : { description: '' }
}

function item(flat: FlatSchema, schemas: Schemas): FlatSchema | undefined {
  let current = flat
  for (let depth = 0; depth < 4; depth++) {
    const { items } = current.own
    if (!types(current).includes('array') || items === undefined || current.own.prefixItems !== undefined) break
    current = flatten(items, schemas)
  }
  return current === flat ? undefined : current
}

/** JSON Schema 2020-12 Validation, section 8.5. */
function held({ own: { contentSchema } }: FlatSchema, schemas: Schemas): FlatSchema | undefined {
  return isSchemaLike(contentSchema) ? flatten(contentSchema, schemas) : undefined
}

/** Whether what isn't allowed takes more than a few words. */
function isBarred({ own: { not } }: FlatSchema, schemas: Schemas): boolean {
  return isSchemaLike(not) && constraints({ ...flatten(true, schemas), own: { not } }, schemas).length === 0
}

function rows(flat: FlatSchema, walk: Walk, place: Place): FieldRow[] {
  const found: FieldRow[] = []
  for (const [name, parts] of flat.properties) {
    if (walk.left <= 0) break
    const [first] = parts
    const schema: Schema = parts.length === 1 && first !== undefined ? first : { allOf: parts }
    const row = fieldRow(name, 'property', schema, flat.required.has(name), walk, place)
    if (row !== undefined) found.push(row)
  }
  for (const [name, schema] of places(flat)) {
    const row = fieldRow(name, 'item', schema, false, walk, place)
    if (row !== undefined) found.push(row)
  }
  const maps: [string, Schema][] = Object.entries(flat.own.patternProperties ?? {})
  const others = flat.own.additionalProperties ?? flat.own.unevaluatedProperties
  if (isSchemaLike(others)) maps.push(['*', others])
  for (const [pattern, schema] of maps) {
    const row = fieldRow(pattern, 'entry', schema, false, walk, place)
    if (row !== undefined) found.push(row)
  }
  return found
}

function fieldRow(
  name: string,
  kind: FieldRow['kind'],
  schema: Schema,
  required: boolean,
  walk: Walk,
  place: Place,
): FieldRow | undefined {
  const flat = flatten(schema, walk.model.schemas)
  const readOnly = flat.own.readOnly === true
  const writeOnly = flat.own.writeOnly === true
  if ((walk.direction === 'request' && readOnly) || (walk.direction === 'response' && writeOnly)) return undefined
  const flags = [
    required && say.flags.required,
    readOnly && say.flags.readOnly,
    writeOnly && say.flags.writeOnly,
    flat.own.deprecated === true && say.flags.deprecated,
  ].filter((flag) => flag !== false)
  const anchor = ownAnchor(place.anchor, name, walk)
  return {
    name,
    anchor,
    kind,
    flags,
    ...(walk.gates ? gatedBy(flat, walk) : NO_GATE),
    node: node(flat, walk, { ...place, anchor }),
  }
}

const NO_GATE: Gated = { scopes: [] }

/** Where a name comes twice, as two options without one do, the second is `…-2`: an id is one element's. */
function ownAnchor(parent: string, name: string, walk: Walk): string {
  const anchor = fieldAnchor(parent, name)
  const times = (walk.anchors.get(anchor) ?? 0) + 1
  walk.anchors.set(anchor, times)
  return times === 1 ? anchor : ownAnchor(parent, `${name}-${times}`, walk)
}

function choice(union: Union, walk: Walk, place: Place): Choice {
  const options = union.options.map((option, index) => {
    const name = typeof option === 'object' && option.$ref !== undefined ? refName(option.$ref) : undefined
    const title = name ?? (typeof option === 'object' && option.title) ?? typeName(option, walk.model.schemas)
    const values = discriminated(union.discriminator, name)
    const when =
      union.discriminator === undefined || values.length === 0
        ? undefined
        : { property: union.discriminator.propertyName, values }
    const anchor = ownAnchor(place.anchor, title || String(index + 1), walk)
    const flat = flatten(option, walk.model.schemas)
    const gated = walk.gates && union.discriminator !== undefined ? gatedBy(flat, walk) : NO_GATE
    return {
      title: title || say.option(index + 1),
      ...(when && { when }),
      ...(gated.scopes.length > 0 && { gated }),
      node: node(flat, walk, { ...place, anchor }),
    }
  })
  return { kind: union.kind, options }
}

/** JSON Schema 2020-12 Core, section 10.2.2. */
function conditions({ own }: FlatSchema, walk: Walk, place: Place): Choice[] {
  if (own.if === undefined) return []
  const parts = [
    ['if', own.if],
    ['then', own.then],
    ['else', own.else],
  ] as const
  const options = parts.flatMap(([title, schema]) => (schema === undefined ? [] : [option(title, schema, walk, place)]))
  return [{ kind: 'if', options }]
}

/** JSON Schema 2020-12 Core, section 10.2.2.4. */
function dependents({ own: { dependentSchemas } }: FlatSchema, walk: Walk, place: Place): Choice[] {
  if (!isSchemaLike(dependentSchemas)) return []
  const options = Object.entries(dependentSchemas).flatMap(([name, schema]) =>
    isSchema(schema) ? [option(name, schema, walk, place)] : [],
  )
  return options.length === 0 ? [] : [{ kind: 'with', options }]
}

function barred(flat: FlatSchema, walk: Walk, place: Place): Choice[] {
  const { not } = flat.own
  if (not === undefined || !isBarred(flat, walk.model.schemas)) return []
  return [{ kind: 'not', options: [option(typeName(not, walk.model.schemas), not, walk, place)] }]
}

function option(title: string, schema: Schema, walk: Walk, place: Place): Choice['options'][number] {
  const anchor = ownAnchor(place.anchor, title, walk)
  return { title, node: node(flatten(schema, walk.model.schemas), walk, { ...place, anchor }) }
}

/** OpenAPI 3.1, Discriminator Object: what is mapped to the schema, or else the schema's own name. */
function discriminated(discriminator: Union['discriminator'], name: string | undefined): string[] {
  if (discriminator === undefined || name === undefined) return []
  const mapped = Object.entries(discriminator.mapping ?? {}).flatMap(([value, target]) =>
    target === name || refName(target) === name ? [value] : [],
  )
  return mapped.length > 0 ? mapped : [name]
}

function enumValues(flat: FlatSchema): EnumValue[] | undefined {
  const { own } = flat
  if (!Array.isArray(own.enum)) return undefined
  const shown = own.enum.flatMap((value, index): EnumValue[] => {
    if (value === null) return []
    const meaning = meaningOf(value, index, own)
    return [{ text: literal(value), ...(meaning !== undefined && { meaning }) }]
  })
  const inType = shown.length <= MOST_VALUES_IN_TYPE && shown.map(({ text }) => text).join(' | ').length <= 48
  return inType && shown.every(({ meaning }) => meaning === undefined) ? undefined : shown
}

/** By value, or in the order of the values. */
function meaningOf(value: unknown, index: number, own: FlatSchema['own']): string | undefined {
  const said = own['x-enum-descriptions'] ?? own['x-enumDescriptions'] ?? own['x-enum-varnames'] ?? own['x-enumNames']
  const meaning = Array.isArray(said) ? said[index] : isSchemaLike(said) ? said[String(value)] : undefined
  return typeof meaning === 'string' ? excerpt(meaning) : undefined
}
