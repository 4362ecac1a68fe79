import { type BundledDocument, isObject, refPointer } from './document.ts'
import { DynamicReferences } from './dynamic-references.ts'
import { safeName, suffix } from './names.ts'
import { escapePointer, refName, type Schema, type SchemaObject, unescapePointer } from './schema.ts'
import { isSchema, mapSubschemas } from './schema-walk.ts'

/**
 * The named schemas of a document. A reference to anything but a named schema (`#/paths/…/schema`,
 * `#/components/schemas/A/properties/b`) gives its target a name, so that whoever reads the model meets one kind of
 * reference only.
 */
export class SchemaTable {
  readonly named: Record<string, Schema> = Object.create(null)
  /** Whether a schema that was read is gated. */
  gated = false
  readonly #document: BundledDocument
  readonly #dynamic: DynamicReferences | undefined
  readonly #hoisted = new Map<string, string>()

  readonly #readChild = (child: Schema): Schema => this.read(child)

  constructor(document: BundledDocument) {
    this.#document = document
    const components = document.at('/components/schemas')
    if (!isObject(components)) return
    for (const [name, schema] of Object.entries(components)) this.named[name] = isSchema(schema) ? schema : true
    this.#dynamic = DynamicReferences.in({ ...this.named })
    for (const name of Object.keys(components)) this.named[name] = this.read(this.named[name], name)
  }

  /**
   * The schema with every reference in it naming a named schema. A schema that is none (null, a list) reads as `true`.
   *
   * @param name of a named schema
   */
  read(schema: unknown, name?: string): Schema {
    if (!isSchema(schema)) return true
    if (typeof schema === 'boolean') return schema
    if (schema['x-required-scopes'] !== undefined) this.gated = true
    const read = this.#rename(mapSubschemas(this.#dynamic?.resolved(schema, name) ?? schema, this.#readChild))
    if (read.$id === undefined) return read
    // References start at the document by now; below an `$id` they would start there.
    const { $id: _, ...rest } = read
    return rest
  }

  #rename(schema: SchemaObject): SchemaObject {
    if (typeof schema.$ref !== 'string') return schema
    const name = refName(schema.$ref)
    if (name !== undefined && Object.hasOwn(this.named, name)) return schema
    const pointer = refPointer(schema.$ref)
    const target = pointer === undefined ? undefined : this.#document.at(pointer)
    if (pointer === undefined || !isSchema(target)) return schema
    return { ...schema, $ref: `#/components/schemas/${escapePointer(this.#hoist(pointer, target))}` }
  }

  #hoist(pointer: string, target: Schema): string {
    const known = this.#hoisted.get(pointer)
    if (known !== undefined) return known
    const tokens = pointer.split('/').slice(1).map(unescapePointer)
    // The whole way to it, so that a place elsewhere in the document renames nothing.
    const base = safeName(tokens.filter((token) => !STRUCTURE.has(token)).join(' '), 'schema')
    let name = base
    for (let round = 1; Object.hasOwn(this.named, name); round++) name = `${base}_${suffix(`${pointer} ${round}`)}`
    this.#hoisted.set(pointer, name)
    this.named[name] = true
    this.named[name] = this.read(target)
    return name
  }
}

const STRUCTURE = new Set(['components', 'schemas', 'properties', 'paths', 'content', 'schema', 'items', 'responses'])
