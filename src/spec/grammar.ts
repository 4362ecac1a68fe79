// By file, for their tables of types alone: the library's index loads all of its linter, which takes longer than to compile
// most documents.
import { type NormalizedNodeType, normalizeTypes } from '../../node_modules/@redocly/openapi-core/lib/types/index.js'
import { Oas2Types } from '../../node_modules/@redocly/openapi-core/lib/types/oas2.js'
import { Oas3Types } from '../../node_modules/@redocly/openapi-core/lib/types/oas3.js'
import { Oas3_1Types } from '../../node_modules/@redocly/openapi-core/lib/types/oas3_1.js'
import { Oas3_2Types } from '../../node_modules/@redocly/openapi-core/lib/types/oas3_2.js'
import { joinPointer } from './pointer.ts'

/** What the objects of OpenAPI may hold, in each of its dialects; and the walk over a document by it. */

export type Dialect = '2.0' | '3.0' | '3.1' | '3.2'
export type ObjectType = NormalizedNodeType
export type FieldType = Exclude<ObjectType['additionalProperties'], (...args: never[]) => unknown>

const { DeviceAuthorization, Response } = Oas3_2Types

const ROOTS = {
  '2.0': normalizeTypes(Oas2Types).Root,
  '3.0': normalizeTypes(Oas3Types).Root,
  '3.1': normalizeTypes(Oas3_1Types).Root,
  '3.2': normalizeTypes({
    ...Oas3_2Types,
    // Since 3.2 a response may do without a description.
    Response: { ...Response, required: [] },
    // The library's own names a type that it doesn't have.
    DeviceAuthorization: {
      ...DeviceAuthorization,
      properties: { ...DeviceAuthorization.properties, scopes: { type: 'object' } },
    },
  }).Root,
}

export function rootType(dialect: Dialect): ObjectType {
  const root = ROOTS[dialect]
  if (root === undefined) throw new Error(`There is no grammar of OpenAPI ${dialect}`)
  return root
}

/** Where a document keeps its named objects of a type; undefined: nowhere, or (path items) not where overlays look for them. */
export function section(dialect: Dialect, type: string): readonly string[] | undefined {
  if (dialect === '2.0') {
    const name = { Schema: 'definitions', Parameter: 'parameters', Response: 'responses' }[type]
    return name === undefined ? undefined : [name]
  }
  const name = {
    Schema: 'schemas',
    Response: 'responses',
    Parameter: 'parameters',
    Example: 'examples',
    RequestBody: 'requestBodies',
    Header: 'headers',
    SecurityScheme: 'securitySchemes',
    Link: 'links',
    Callback: 'callbacks',
    MediaType: dialect === '3.2' ? 'mediaTypes' : undefined,
  }[type]
  return name === undefined ? undefined : ['components', name]
}

/** A node on the way from the root. A walk may start below the root, at `pointer`. */
export interface Path {
  readonly node: unknown
  readonly parent?: Path
  /** In the parent; of a walk's first node, its pointer. */
  readonly key: string
}

export function pointerOf({ parent, key }: Path): string {
  return parent === undefined ? key : joinPointer(pointerOf(parent), key)
}

/** The type of a field; null: anything goes; undefined: there is no such field. */
export function fieldType(type: ObjectType, key: string, value: unknown): FieldType {
  const field = Object.hasOwn(type.properties, key) ? type.properties[key] : type.additionalProperties
  return typeof field === 'function' ? field(value, key) : field
}

export function isObjectType(type: FieldType): type is ObjectType {
  return typeof type?.name === 'string'
}

/**
 * Every object of the document, parents first, with its type. By the grammar, so that what merely looks like a reference
 * in an example, or a property that is named `$ref`, isn't taken for one.
 * @param visit false: not deeper
 */
export function walk(path: Path, type: ObjectType, visit: (path: Path, type: ObjectType) => boolean): void {
  const { node } = path
  if (!visit(path, type) || typeof node !== 'object' || node === null) return
  if (Array.isArray(node)) {
    const item = typeof type.items === 'function' ? undefined : type.items
    if (!isObjectType(item)) return
    for (let index = 0; index < node.length; index++)
      walk({ node: node[index], parent: path, key: String(index) }, item, visit)
    return
  }
  if (type.items !== undefined) return
  for (const key of Object.keys(node)) {
    const child: unknown = (node as Record<string, unknown>)[key]
    const field = fieldType(type, key, child)
    if (isObjectType(field)) walk({ node: child, parent: path, key }, field, visit)
  }
}

export type Reference = { $ref: string } & Record<string, unknown>

export function isReference(node: unknown): node is Reference {
  return (
    typeof node === 'object' &&
    node !== null &&
    Object.hasOwn(node, '$ref') &&
    typeof (node as Reference).$ref === 'string'
  )
}

/** Whether what stands beside a `$ref` counts: in path items, and in schemas since 3.1. */
export function keepsSiblings(dialect: Dialect, type: ObjectType): boolean {
  return type.name === 'PathItem' || (type.name === 'Schema' && dialect !== '2.0' && dialect !== '3.0')
}
