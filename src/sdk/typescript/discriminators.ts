import { refName, resolve, type Schema, type SchemaObject, type Schemas } from '../../model/schema.ts'
import { subschemas } from '../../model/schema-walk.ts'

/**
 * What tells the members of unions apart: the values that a property has in a named schema, as a discriminator maps them or
 * implies them by the schema's name. What a schema itself says of the property wins over what is implied.
 */
export class Discriminators {
  readonly #schemas: Schemas
  /** By named schema, then by property. */
  readonly #tags = new Map<string, Map<string, readonly string[]>>()

  /** @param others schemas that have no name and may hold unions, too */
  constructor(schemas: Schemas, others: Iterable<Schema>) {
    this.#schemas = schemas
    for (const schema of [...Object.values(schemas), ...others]) this.#scan(schema)
    for (const name of Object.keys(schemas)) this.#inherit(name)
  }

  /** Values by property. */
  of(name: string): ReadonlyMap<string, readonly string[]> | undefined {
    return this.#tags.get(name)
  }

  #scan(schema: Schema): void {
    if (typeof schema === 'boolean') return
    const property = schema.discriminator?.propertyName
    if (typeof property === 'string')
      for (const member of [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]) {
        const name = typeof member === 'object' ? this.#named(member.$ref) : undefined
        if (name !== undefined) this.#tag(name, property, schema.discriminator?.mapping)
      }
    for (const child of subschemas(schema)) this.#scan(child.schema)
  }

  /** A schema that has another's discriminator by `allOf` is one of its members. */
  #inherit(name: string): void {
    for (const parent of this.#parents(this.#schemas[name])) {
      const inherited = this.#discriminator(parent, new Set([name]))
      if (inherited !== undefined) this.#tag(name, inherited.propertyName, inherited.mapping)
    }
  }

  #discriminator(name: string, seen: Set<string>): SchemaObject['discriminator'] {
    if (seen.has(name)) return undefined
    seen.add(name)
    const schema = this.#schemas[name]
    if (typeof schema !== 'object') return undefined
    if (typeof schema.discriminator?.propertyName === 'string') return schema.discriminator
    return this.#parents(schema)
      .map((parent) => this.#discriminator(parent, seen))
      .find((found) => found !== undefined)
  }

  #parents(schema: Schema | undefined): string[] {
    if (typeof schema !== 'object' || !Array.isArray(schema.allOf)) return []
    return schema.allOf.flatMap((item) => (typeof item === 'object' ? (this.#named(item.$ref) ?? []) : []))
  }

  #tag(name: string, property: string, mapping: Readonly<Record<string, string>> = {}): void {
    const schema = this.#schemas[name]
    if (typeof schema !== 'object' || !(schema.allOf !== undefined || isObject(schema))) return
    const mapped = Object.entries(mapping).flatMap(([value, target]) =>
      typeof target === 'string' && (target === name || this.#named(target) === name) ? [value] : [],
    )
    const own = this.#valuesOf(schema, property, new Set())
    if (own !== undefined && mapped.length === 0) return
    const values = (mapped.length > 0 ? mapped : [name]).filter((value) => own?.has(value) ?? true)
    if (values.length === 0) return
    const tags = this.#tags.get(name) ?? new Map<string, readonly string[]>()
    tags.set(property, [...new Set([...(tags.get(property) ?? []), ...values])])
    this.#tags.set(name, tags)
  }

  /** The values that a schema, or what it consists of, allows a property; undefined: any. */
  #valuesOf(schema: Schema | undefined, property: string, seen: Set<Schema>): ReadonlySet<unknown> | undefined {
    const target = resolve(schema, this.#schemas)
    if (typeof target !== 'object' || seen.has(target)) return undefined
    seen.add(target)
    const own = resolve(target.properties?.[property], this.#schemas)
    if (typeof own === 'object') {
      if (own.const !== undefined) return new Set([own.const])
      if (Array.isArray(own.enum)) return new Set(own.enum)
    }
    return target.allOf?.map((item) => this.#valuesOf(item, property, seen)).find((found) => found !== undefined)
  }

  /** The named schema at the end of a chain of references. */
  #named(ref: string | undefined, seen: readonly string[] = []): string | undefined {
    const name = typeof ref === 'string' ? refName(ref) : undefined
    if (name === undefined || seen.includes(name) || !Object.hasOwn(this.#schemas, name)) return undefined
    const schema = this.#schemas[name]
    return typeof schema === 'object' && schema.$ref !== undefined ? this.#named(schema.$ref, [...seen, name]) : name
  }
}

/** Whether its type is that of an object with members. */
export function isObject({ type, properties }: SchemaObject): boolean {
  const allowed = type === undefined || type === 'object' || (Array.isArray(type) && type.includes('object'))
  return allowed && (type !== undefined || properties !== undefined)
}
