import { createRequire } from 'node:module'
import openapiTS, { astToString, type OpenAPI3, type OpenAPITSOptions, transformSchemaObject } from 'openapi-typescript'
import ts from 'typescript'
import type { Schemas } from '../../model/schema.ts'
import type { SdkPlan } from '../plan/plan.ts'
import type { TypeOptions } from './client.ts'
import { isDateTime } from './dates.ts'
import { isBinary } from './directions.ts'
import { DIRECTION, GATE, type Gate, schemaDocument } from './schema-document.ts'

type Transform = NonNullable<OpenAPITSOptions['transform']>
type SchemaObject = Parameters<Transform>[0]
type NodeOptions = Parameters<Transform>[1]

/** `schema.ts` of an SDK: `components` and `operations`, as openapi-typescript writes them. Types only. */
export async function renderSchema(plan: SdkPlan, schemas: Schemas, types: TypeOptions = {}): Promise<string> {
  const document = schemaDocument(plan, schemas)
  const nodes = await openapiTS(document as unknown as OpenAPI3, {
    redocly: await withoutLint(),
    silent: true,
    emptyObjectsUnknown: true,
    defaultNonNullable: false,
    transform: (schema, options) => transform(schema, options, types),
  })
  const source = astToString(nodes.filter(isWanted))
  const imports = [
    source.includes('$Gated<') ? "import type { Gated as $Gated } from './runtime/grants.ts'\n" : '',
    /\$Upload\b/.test(source) ? "import type { Upload as $Upload } from './runtime/body.ts'\n" : '',
  ].join('')
  return `${imports}${imports && '\n'}${source}`
}

function transform(schema: SchemaObject, options: NodeOptions, types: TypeOptions): ReturnType<Transform> {
  const gate = gateOf(schema)
  if (gate !== undefined) {
    const scopes = gate.scopes.map((scope) => ts.factory.createLiteralTypeNode(ts.factory.createStringLiteral(scope)))
    const inner = transformSchemaObject(gate.schema as SchemaObject, options as NodeOptions)
    return ts.factory.createTypeReferenceNode('$Gated', [ts.factory.createUnionTypeNode(scopes), inner])
  }
  if (types.dates === 'Date' && isDateTime(schema)) return nullable(schema, ts.factory.createTypeReferenceNode('Date'))
  const open = types.enums === 'open' ? openEnum(schema) : undefined
  if (open !== undefined) return open
  if (!isBinary(schema)) return undefined
  const sent = DIRECTION in schema && (schema as Readonly<Record<string, unknown>>)[DIRECTION] === 'request'
  return ts.factory.createTypeReferenceNode(sent ? '$Upload' : 'Blob')
}

/** The values that the document lists, and whatever else of their kind; one value alone tells schemas apart, and stays. */
function openEnum(schema: SchemaObject): ts.TypeNode | undefined {
  const values: readonly unknown[] = 'enum' in schema && Array.isArray(schema.enum) ? schema.enum : []
  const texts = values.filter((value) => typeof value === 'string')
  if (texts.length < 2 || texts.length < values.filter((value) => value !== null).length) return undefined
  const { factory } = ts
  const literals = texts.map((text) => factory.createLiteralTypeNode(factory.createStringLiteral(text)))
  // An intersection, so that editors go on proposing the literals.
  const others = factory.createIntersectionTypeNode([
    factory.createKeywordTypeNode(ts.SyntaxKind.StringKeyword),
    factory.createTypeLiteralNode([]),
  ])
  return nullable(schema, factory.createUnionTypeNode([...literals, factory.createParenthesizedType(others)]))
}

function nullable(schema: SchemaObject, type: ts.TypeNode): ts.TypeNode {
  const { type: types, enum: values } = schema as { readonly type?: unknown; readonly enum?: readonly unknown[] }
  const isNullable = (Array.isArray(types) && types.includes('null')) || values?.includes(null) === true
  const { factory } = ts
  return isNullable ? factory.createUnionTypeNode([type, factory.createLiteralTypeNode(factory.createNull())]) : type
}

function gateOf(schema: SchemaObject): Gate | undefined {
  return typeof schema === 'object' && GATE in schema ? (schema[GATE as keyof SchemaObject] as Gate) : undefined
}

/** `paths` says nothing that `operations` doesn't; the empty sections say nothing at all. */
function isWanted(node: ts.Node): boolean {
  const named = ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) ? node.name.text : ''
  return !['paths', 'webhooks', '$defs'].includes(named)
}

/** A configuration without rules, made by openapi-typescript's own, older openapi-core: a lint would cost most of the time. */
function withoutLint(): Promise<NonNullable<OpenAPITSOptions['redocly']>> {
  const requireOfItsOwn = createRequire(createRequire(import.meta.url).resolve('openapi-typescript'))
  const core = requireOfItsOwn('@redocly/openapi-core') as {
    createConfig(config: object, options: object): Promise<NonNullable<OpenAPITSOptions['redocly']>>
  }
  return core.createConfig({ rules: {} }, { extends: [] })
}
