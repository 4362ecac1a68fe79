/** JSON Schema 2020-12, as OpenAPI 3.1 uses it. Raw: what the document says is what this holds. */
export type Schema = boolean | SchemaObject

export interface SchemaObject {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly title?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly not?: Schema
  readonly if?: Schema
  readonly then?: Schema
  readonly else?: Schema
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly format?: string
  readonly examples?: readonly unknown[]
  readonly example?: unknown
  readonly readOnly?: boolean
  readonly writeOnly?: boolean
  readonly deprecated?: boolean
  readonly discriminator?: { readonly propertyName: string; readonly mapping?: Readonly<Record<string, string>> }
  /** Ours: the scopes without which this property or schema is withheld. A conjunction. */
  readonly 'x-required-scopes'?: readonly string[]
  readonly [keyword: string]: unknown
}

/** Named schemas of an API: `#/components/schemas/<name>`. */
export type Schemas = Readonly<Record<string, Schema>>

const PREFIX = '#/components/schemas/'

/** The name that a `$ref` to a named schema carries; undefined for any other reference. */
export function refName(ref: string): string | undefined {
  if (!ref.startsWith(PREFIX)) return undefined
  const rest = ref.slice(PREFIX.length)
  return rest.includes('/') ? undefined : unescapePointer(decodeURIComponent(rest))
}

/** The schema that `schema` stands for, following `$ref` chains; `undefined` for a dangling or purely circular one. */
export function resolve(schema: Schema | undefined, schemas: Schemas): Schema | undefined {
  const seen = new Set<string>()
  let current = schema
  while (typeof current === 'object' && current.$ref !== undefined) {
    const name = refName(current.$ref)
    if (name === undefined || seen.has(name) || !Object.hasOwn(schemas, name)) return undefined
    seen.add(name)
    current = schemas[name]
  }
  return current
}

/** One token of a JSON Pointer (RFC 6901 section 3). */
export function escapePointer(token: string): string {
  return /[~/]/.test(token) ? token.replaceAll('~', '~0').replaceAll('/', '~1') : token
}

export function unescapePointer(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~')
}
