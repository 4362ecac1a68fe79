import * as styles from '../../sdk-templates/typescript/runtime/styles.ts'
import type { Encoding, Parameter } from '../model/api.ts'
import { styleName } from '../sdk/typescript/style-name.ts'

type Written = Pick<Parameter, 'in' | 'name' | 'style' | 'explode' | 'allowReserved' | 'mediaType'>

/** What a value becomes: one text in a path or a header, `name=value` pairs in a query or a cookie. */
export type Write = (value: unknown) => string[]

/** How a parameter's value is written, as the SDK does it. */
export function parameterText({ name: given, in: place, style, explode, allowReserved, mediaType }: Written): Write {
  const name = given.toWellFormed()
  if (place === 'querystring') return (value) => wholeQuery(wellFormed(value), mediaType)
  const chosen = styleName({
    in: place,
    style: style === 'cookie' ? 'form' : style,
    explode,
    allowReserved,
    ...(mediaType !== undefined && { content: mediaType }),
  })
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: a parameter may need any of them
  const write = styles[chosen]
  return (value) => [write(wellFormed(value), name)].flat()
}

/** OpenAPI 3.2: one parameter is all of the query. */
function wholeQuery(value: unknown, mediaType = ''): string[] {
  const form = mediaType.startsWith('application/x-www-form-urlencoded') && styles.isRecord(value)
  return form ? [...styles.form(value, '')] : [styles.contentValue(value)]
}

/** A member of a form: in its style where the document says one, else a list item by item, and what has structure as JSON. */
export function formPairs(name: string, member: unknown, encoding: Encoding | undefined): [string, string][] {
  const { style, explode, allowReserved } = encoding ?? { style: 'form', explode: true, allowReserved: false }
  if ((style !== 'form' || !explode) && typeof member === 'object' && member !== null)
    return parameterText({ in: 'query', name, style, explode, allowReserved })(member).map((pair) => {
      const equals = pair.indexOf('=')
      return [decodeURIComponent(pair.slice(0, equals)), decodeURIComponent(pair.slice(equals + 1))]
    })
  return (Array.isArray(member) ? member : [member])
    .filter(styles.present)
    .map((item): [string, string] => [name, styles.scalar(item)])
}

/** Half of a surrogate pair can't be percent-encoded. */
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return value.map(wellFormed)
  if (!styles.isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toWellFormed(), wellFormed(member)]))
}
