import { createRequire } from 'node:module'
import openapiTS, { astToString, type OpenAPI3, type OpenAPITSOptions, transformSchemaObject } from 'openapi-typescript'
import ts from 'typescript'
import type { Schemas } from '../../model/schema.ts'
import type { SdkPlan } from '../plan/plan.ts'
import { GATE, type Gate, schemaDocument } from './schema-document.ts'

type Transform = NonNullable<OpenAPITSOptions['transform']>
type SchemaObject = Parameters<Transform>[0]
type NodeOptions = Parameters<Transform>[1]

/** `schema.ts` of an SDK: `components` and `operations`, as openapi-typescript writes them. Types only. */
export async function renderSchema(plan: SdkPlan, schemas: Schemas): Promise<string> {
  const document = schemaDocument(plan, schemas)
  const nodes = await openapiTS(document as unknown as OpenAPI3, {
    redocly: await withoutLint(),
    silent: true,
    emptyObjectsUnknown: true,
    defaultNonNullable: false,
    transform,
  })
  const types = astToString(nodes.filter(isWanted))
  const imports = types.includes('$Gated<') ? "import type { Gated as $Gated } from './runtime/grants.ts'\n\n" : ''
  return `${imports}${types}`
}

const transform: Transform = (schema, options) => {
  const gate = gateOf(schema)
  if (gate !== undefined) {
    const scopes = gate.scopes.map((scope) => ts.factory.createLiteralTypeNode(ts.factory.createStringLiteral(scope)))
    const inner = transformSchemaObject(gate.schema as SchemaObject, options as NodeOptions)
    return ts.factory.createTypeReferenceNode('$Gated', [ts.factory.createUnionTypeNode(scopes), inner])
  }
  return isBinary(schema) ? ts.factory.createTypeReferenceNode('Blob') : undefined
}

function gateOf(schema: SchemaObject): Gate | undefined {
  return typeof schema === 'object' && GATE in schema ? (schema[GATE as keyof SchemaObject] as Gate) : undefined
}

/** OpenAPI 3.0 says `format: binary`; 3.1 a `contentMediaType` that isn't encoded as text. */
function isBinary(schema: SchemaObject): boolean {
  if (typeof schema !== 'object' || !('type' in schema) || schema.type !== 'string') return false
  const { format, contentMediaType, contentEncoding } = schema as unknown as Readonly<Record<string, unknown>>
  if (format === 'binary') return true
  return (
    typeof contentMediaType === 'string' &&
    contentEncoding === undefined &&
    !/[/+](json|xml)|^text\//.test(contentMediaType)
  )
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
