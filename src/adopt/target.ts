import { unescapePointer } from '../model/schema.ts'

/**
 * The JSONPath (RFC 9535) of an overlay's action for a place in the bundled document. An overlay is applied to the document
 * as it was written, so what Swagger 2.0 calls otherwise is called so again.
 *
 * @param pointer into the bundled document, in the dialect of OpenAPI 3.1
 * @param sourceVersion what the document said it was
 */
export function targetOf(pointer: string, sourceVersion: string): string {
  const tokens = pointer.split('/').slice(1).map(unescapePointer)
  const written = sourceVersion.startsWith('2') ? asWritten(tokens) : tokens
  return `$${written.map((token, index) => selector(token, LISTS.has(written[index - 1] ?? ''))).join('')}`
}

const LISTS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])

function selector(name: string, inList: boolean): string {
  if (inList && /^\d+$/.test(name)) return `[${name}]`
  if (/^[A-Za-z_]\w*$/.test(name)) return `.${name}`
  const escaped = name.replace(/[\\']/g, '\\$&').replace(/\p{Cc}/gu, (control) => {
    return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return `['${escaped}']`
}

function asWritten(tokens: readonly string[]): string[] {
  const [root, kind, ...rest] = tokens
  if (root === 'components' && kind === 'schemas') return ['definitions', ...rest]
  if (root === 'components' && kind === 'responses') return ['responses', ...withoutContent(rest)]
  return withoutContent(tokens)
}

/** `responses/200/content/application~1json/schema` → `responses/200/schema`. */
function withoutContent(tokens: readonly string[]): string[] {
  const content = tokens.indexOf('content')
  return content < 0 || tokens[content + 2] !== 'schema' ? [...tokens] : tokens.toSpliced(content, 2)
}
