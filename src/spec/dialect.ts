import { upgrade } from '@scalar/openapi-upgrader'
import { valueAt } from './bundle.ts'
import type { Dialect } from './grammar.ts'
import { joinPointer, pointerTokens, toPointer } from './pointer.ts'

type Document = Readonly<Record<string, unknown>>

/** What a document says that it is; undefined: it is no OpenAPI document, or one of a version from the future. */
export function versionOf(document: unknown): { readonly version: string; readonly dialect: Dialect } | undefined {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return undefined
  const { openapi, swagger } = document as { openapi?: unknown; swagger?: unknown }
  // Unquoted in YAML, 2.0 is the number 2.
  const version = swagger === 2 ? '2.0' : String(openapi ?? swagger ?? '')
  const dialect = /^(2\.0|3\.[012])(?=$|\.\d)/.exec(version)?.[1]
  return dialect === undefined ? undefined : { version, dialect: dialect as Dialect }
}

/** The document in the one dialect that everything else reads: OpenAPI 3.1 or later. */
export function upgradeDocument(document: Document, dialect: Dialect): Document {
  return dialect === '2.0' || dialect === '3.0'
    ? (upgrade(document as Record<string, unknown>, '3.1') as unknown as Document)
    : document
}

/** Where a node of an upgraded document stood before. From 3.0, where it is; from 2.0, much has moved. */
export function pointerBefore(pointer: string, before: Document, dialect: Dialect): string {
  if (dialect !== '2.0') return pointer
  const [first, second, name = '', ...rest] = pointerTokens(pointer)
  if (first === 'servers') return '/host'
  if (first === 'components') {
    const holder = HOLDERS[second as keyof typeof HOLDERS]
    if (holder === undefined) return ''
    if (second === 'securitySchemes' && rest[0] === 'flows') rest.splice(0, 2)
    return toPointer([holder, name, ...withoutContent(rest)])
  }
  if (first !== 'paths') return pointer
  const operation = toPointer(pointerTokens(pointer).slice(0, 3))
  if (rest[0] === 'requestBody') {
    const index = parameters(before, operation).findIndex((parameter) => isBody(parameter))
    const schema = rest[1] === 'content' ? rest.slice(3) : []
    return index === -1 ? operation : toPointer([...pointerTokens(operation), 'parameters', index, ...schema])
  }
  if (rest[0] === 'parameters' && rest[1] !== undefined) {
    // Those that became the request body left the list.
    const kept = [...parameters(before, operation).entries()].filter(([, parameter]) => !isBody(parameter))
    const index = kept[Number(rest[1])]?.[0] ?? rest[1]
    const below = rest[2] === 'schema' ? rest.slice(3) : rest.slice(2)
    return toPointer([...pointerTokens(operation), 'parameters', index, ...below])
  }
  return toPointer([...pointerTokens(operation), ...withoutContent(rest)])
}

const HOLDERS = {
  schemas: 'definitions',
  securitySchemes: 'securityDefinitions',
  parameters: 'parameters',
  requestBodies: 'parameters',
  responses: 'responses',
} as const

/** Responses had no media types: `/content/application~1json/schema` was `/schema`. */
function withoutContent(tokens: readonly string[]): string[] {
  const index = tokens.indexOf('content')
  return index === -1 || tokens.slice(0, index).includes('schema')
    ? [...tokens]
    : [...tokens.slice(0, index), ...tokens.slice(index + 2)]
}

function parameters(document: Document, operation: string): unknown[] {
  const list = valueAt(document, joinPointer(operation, 'parameters'))
  return Array.isArray(list) ? list : []
}

function isBody(parameter: unknown): boolean {
  const place = (parameter as { in?: unknown } | null)?.in
  return place === 'body' || place === 'formData'
}
