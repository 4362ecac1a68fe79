import { encode } from '../../sdk-templates/typescript/runtime/styles.ts'
import type { Alternative, ApiModel, Operation, Parameter } from '../model/api.ts'
import { resourceOf } from '../model/audience.ts'
import { isJson } from '../model/media-type.ts'
import { isForm } from './media-type.ts'
import { parameterText } from './parameter-text.ts'
import { type FormPart, formParts, isText, type SampleBody } from './sample-body.ts'

/** What stands in for what has to be given, with values that the document gives, or a person. */
export interface Values {
  readonly parameters: readonly { readonly parameter: Parameter; readonly value: unknown }[]
  readonly body?: SampleBody
}

/** A call as any HTTP client makes it. */
export interface HttpCall {
  readonly method: string
  /** With its query, percent-encoded: it holds nothing that could end a string in any language, but `'`. */
  readonly url: string
  /** Of a query parameter, at the end of `url`, or a header: what stands for a credential. */
  readonly placeholders: readonly string[]
  readonly headers: readonly Header[]
  readonly body?: CallBody
}

interface Header {
  readonly name: string
  readonly value: string
}

export type CallBody =
  | { readonly kind: 'text'; readonly type: string; readonly text: string }
  | { readonly kind: 'file'; readonly type: string }
  /** `application/x-www-form-urlencoded`, or `multipart/*`, whose boundary a client writes by itself. */
  | { readonly kind: 'form' | 'multipart'; readonly type: string; readonly parts: readonly FormPart[] }

/** OpenAPI 3.1, Parameter Object: these say nothing, since media types and security schemes do. */
export function isUnsaid({ in: place, name }: Parameter): boolean {
  return place === 'header' && /^(accept|content-type|authorization)$/i.test(name)
}

export function httpCall(
  operation: Operation,
  { parameters, body }: Values,
  { model, publicUrl }: { readonly model: ApiModel; readonly publicUrl: string },
  alternative: Alternative,
): HttpCall {
  const credentials = alternative.flatMap(({ scheme }) => credential(scheme, model))
  const written = (place: Parameter['in']): string[] =>
    parameters.flatMap(({ parameter, value }) => (parameter.in === place ? parameterText(parameter)(value) : []))
  const keys = (place: Credential['in']): string[] =>
    credentials.filter((one) => one.in === place).map(({ name, value }) => `${encode(name.toWellFormed())}=${value}`)
  const query = [...written('query'), ...written('querystring'), ...keys('query')].join('&')
  const cookie = [...written('cookie'), ...keys('cookie')].join('; ')
  const path = filled(operation.path, parameters)
  const sent = body === undefined ? undefined : callBody(body, model)
  const headers = [
    ...credentials.filter((one) => one.in === 'header'),
    ...parameters.flatMap(({ parameter, value }) =>
      parameter.in === 'header' && !isUnsaid(parameter)
        ? [{ name: parameter.name, value: parameterText(parameter)(value).join('').replace(/\s+/g, ' ') }]
        : [],
    ),
    ...(cookie === '' ? [] : [{ name: 'Cookie', value: cookie }]),
    ...(sent === undefined || sent.kind === 'multipart' ? [] : [{ name: 'Content-Type', value: sent.type }]),
  ]
  return {
    method: operation.method,
    url: `${resourceOf(publicUrl, model.name)}${path}${query === '' ? '' : `${path.includes('?') ? '&' : '?'}${query}`}`,
    headers: unique(headers),
    placeholders: [...new Set(credentials.map(({ placeholder }) => placeholder))],
    ...(sent !== undefined && { body: sent }),
  }
}

/** What follows a `#` tells operations of one address apart, and is never sent. */
function filled(template: string, parameters: Values['parameters']): string {
  const [path = ''] = template.split('#', 1)
  return path
    .replace(/\{([^{}]*)\}/g, (_, name: string) => {
      const given = parameters.find(({ parameter }) => parameter.in === 'path' && parameter.name === name)
      const text = given === undefined ? '' : parameterText(given.parameter)(given.value).join('')
      return text === '' ? encode(name.toWellFormed()) : text
    })
    .toWellFormed()
    .replace(/[^\w\-.~:/?@!$&'()*+,;=%]/gu, encodeURIComponent)
}

interface Credential extends Header {
  readonly in: 'header' | 'query' | 'cookie'
  readonly placeholder: string
}

function credential(name: string, { schemes }: ApiModel): Credential[] {
  const scheme = Object.hasOwn(schemes, name) ? schemes[name] : undefined
  const authorization = (as: string, placeholder: string): Credential[] => [
    { in: 'header', name: 'Authorization', value: `${as} ${placeholder}`, placeholder },
  ]
  if (scheme?.token === true) return authorization('Bearer', 'ACCESS_TOKEN')
  if (scheme?.type === 'apiKey')
    return [
      { in: scheme.in ?? 'header', name: scheme.parameter ?? scheme.name, value: 'API_KEY', placeholder: 'API_KEY' },
    ]
  if (scheme?.type !== 'http') return []
  const { scheme: as = '' } = scheme
  return authorization(as === 'basic' ? 'Basic' : as, 'CREDENTIALS')
}

function unique(headers: readonly Header[]): Header[] {
  return [...new Map(headers.map((header) => [header.name.toLowerCase(), header])).values()]
}

/** A text that is longer is in a file. */
const LONGEST_TEXT = 600

function callBody(body: SampleBody, model: ApiModel): CallBody {
  const { type, value } = body
  if (isJson(type)) return { kind: 'text', type, text: JSON.stringify(value ?? {}) }
  if (isForm(type)) {
    const parts = formParts(body, model)
    return type.startsWith('multipart/')
      ? { kind: 'multipart', type: 'multipart/form-data', parts }
      : { kind: 'form', type, parts }
  }
  const text = isText(type) && typeof value === 'string' && value.length <= LONGEST_TEXT ? value : undefined
  return text === undefined ? { kind: 'file', type } : { kind: 'text', type, text }
}
