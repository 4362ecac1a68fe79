import { csharpHttpclient } from '@scalar/snippetz/plugins/csharp/httpclient'
import { goNative } from '@scalar/snippetz/plugins/go/native'
import { javaNethttp } from '@scalar/snippetz/plugins/java/nethttp'
import { pythonRequests } from '@scalar/snippetz/plugins/python/requests'
import { shellCurl } from '@scalar/snippetz/plugins/shell/curl'
import type { Alternative, ApiModel, Operation, Parameter } from '../model/api.ts'
import { safeTypeName } from '../model/names.ts'
import { planSdk } from '../sdk/plan/build.ts'
import type { OperationPlan } from '../sdk/plan/plan.ts'
import { ENVIRONMENT } from '../sdk/typescript/docs.ts'
import { bodyValue, parameterExample } from './example.ts'
import { jsLiteral, propertyName, quote } from './js-literal.ts'
import type { Viewer } from './lens.ts'
import { isJson } from './media-type.ts'
import { type OwnValues, ownParameters } from './own-values.ts'
import { bodyLiteral, type SampleBody } from './sample-body.ts'
import type { TryDraft } from './try-request.ts'

/** Languages without an SDK of ours yet: they call as any HTTP client does. */
const PLAIN_HTTP = [
  { id: 'python', title: 'Python', plugin: pythonRequests },
  { id: 'go', title: 'Go', plugin: goNative },
  { id: 'java', title: 'Java', plugin: javaNethttp },
  { id: 'csharp', title: 'C#', plugin: csharpHttpclient },
] as const

const TYPESCRIPT = { id: 'typescript', title: 'TypeScript' } as const
const CURL = { id: 'curl', title: 'curl' } as const

/** Of every operation's samples, in their order. */
export const LANGUAGES = [TYPESCRIPT, CURL, ...PLAIN_HTTP] as const

export interface Sample {
  readonly id: (typeof LANGUAGES)[number]['id']
  readonly title: string
  readonly code: string
}

export interface SampleContext {
  readonly model: ApiModel
  readonly viewer: Viewer
  /** Of SDK packages, without `@`. */
  readonly npmScope: string
  /** Without a slash at the end. */
  readonly publicUrl: string
  /** Of the reader's own app, if they have one for this API. Never a secret. */
  readonly clientId?: string
  /** What the reader has filled in, at this operation or another. */
  readonly values?: OwnValues
}

/** What someone filled in, in the place of what the document gives. */
export type Given = Pick<TryDraft, 'parameters' | 'media' | 'body'>

/** How a program calls an operation, with values that the document gives, or a person. */
export function samples(operation: Operation, context: SampleContext, given?: Given): Sample[] {
  const values = given === undefined ? sampleValues(operation, context) : givenValues(operation, given)
  return [
    { ...TYPESCRIPT, code: typescript(operation, values, context) },
    { ...CURL, code: curl(httpRequest(operation, values, context, '$ACCESS_TOKEN')) },
    ...PLAIN_HTTP.map(({ id, title, plugin }) => ({
      id,
      title,
      code: plugin.generate(httpRequest(operation, values, context, 'ACCESS_TOKEN')),
    })),
  ]
}

/** A part that is longer is a file, or made up. */
const LONGEST_PART = 200

interface Values {
  /** In the path's order. */
  readonly path: readonly (readonly [string, unknown])[]
  readonly query: readonly (readonly [string, unknown])[]
  readonly headers: readonly (readonly [string, unknown])[]
  readonly body?: SampleBody
}

/** What has to be given, and nothing else. */
function sampleValues(operation: Operation, { model, values }: SampleContext): Values {
  const own = values === undefined ? undefined : ownParameters(operation, model, values)
  const placeholders = [...new Set([...operation.path.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? ''))]
  const valued = (parameter: Parameter): readonly [string, unknown] => [
    parameter.name,
    own?.get(`${parameter.in} ${parameter.name}`) ?? parameterExample(parameter, model),
  ]
  const required = (place: Parameter['in']): (readonly [string, unknown])[] =>
    operation.parameters.filter((parameter) => parameter.in === place && parameter.required).map(valued)
  const path = placeholders.map((name): readonly [string, unknown] => {
    const parameter = operation.parameters.find((candidate) => candidate.in === 'path' && candidate.name === name)
    return parameter === undefined ? [name, name] : valued(parameter)
  })
  const media = operation.body?.content[0]
  const value = media === undefined ? undefined : bodyValue(media, model)
  return {
    path,
    query: required('query'),
    headers: required('header'),
    ...(media && { body: { type: media.type, value, schema: media.schema } }),
  }
}

function givenValues(operation: Operation, { parameters, media: index, body }: Given): Values {
  const inPlace = (place: Parameter['in']): (readonly [string, unknown])[] =>
    operation.parameters.flatMap(({ in: own, name }) => {
      const value = parameters[`${own} ${name}`]
      return own === place && value !== undefined ? [[name, value] as const] : []
    })
  const media = operation.body?.content[index] ?? operation.body?.content[0]
  return {
    path: inPlace('path'),
    query: inPlace('query'),
    headers: inPlace('header'),
    ...(media !== undefined && body !== undefined && { body: { type: media.type, value: body, schema: media.schema } }),
  }
}

const plans = new WeakMap<
  ApiModel,
  ReadonlyMap<string, { readonly path: readonly string[]; readonly operation: OperationPlan }>
>()

/** Where the SDK really puts the operation: the same plan that the generator renders. */
function planned(model: ApiModel, id: string) {
  let plan = plans.get(model)
  if (plan === undefined) {
    const { resources } = planSdk(model)
    plan = new Map(
      resources.flatMap(({ path, operations }) => operations.map((operation) => [operation.id, { path, operation }])),
    )
    plans.set(model, plan)
  }
  return plan.get(id)
}

/** The class that the API's package exports, and the variable that samples keep it in. */
function clientNames(model: Pick<ApiModel, 'name'>): { type: string; variable: string } {
  const type = safeTypeName(model.name, 'Api')
  return { type, variable: type.charAt(0).toLowerCase() + type.slice(1) }
}

function typescript(operation: Operation, values: Values, context: SampleContext): string {
  const { type, variable } = clientNames(context.model)
  const place = planned(context.model, operation.id)
  if (place === undefined) return ''
  const method = [variable, ...place.path, place.operation.name].join('.')
  const call = `${method}(${argumentsOf(values, context.model).join(', ')})`
  const lines = [
    `import { ${type} } from '@${context.npmScope}/${context.model.name}'`,
    '',
    ...client(operation, context),
    '',
  ]
  const result = resultName(place.path.at(-1) ?? 'result', place.operation.name)
  if (operation.pagination !== undefined)
    return [...lines, `for await (const ${result} of ${call}) {`, `  console.log(${result})`, '}'].join('\n')
  const returns = place.operation.result.kind !== 'none'
  return [...lines, returns ? `const ${result} = await ${call}` : `await ${call}`].join('\n')
}

/** The lines that make a client for this operation. */
function client(operation: Operation, { model, viewer, clientId }: SampleContext): string[] {
  const { type, variable } = clientNames(model)
  const alternative = bestAlternative(operation)
  if (!alternative.some((requirement) => requirement.token)) return [`const ${variable} = new ${type}()`]
  const own = viewer.lens.as === 'app' ? viewer.lens.app : clientId
  const id = own === undefined ? `process.env['${ENVIRONMENT.clientId}']` : quote(own)
  const scopes = viewer.scopes.length > 0 ? viewer.scopes : tokenScopes(alternative)
  return [
    `const ${variable} = new ${type}({`,
    `  clientId: ${id},`,
    `  clientSecret: process.env['${ENVIRONMENT.clientSecret}'],`,
    ...(scopes.length > 0 ? [`  scopes: ${jsLiteral([...scopes], 1)},`] : []),
    '})',
  ]
}

function argumentsOf({ path, query, headers, body }: Values, model: ApiModel): string[] {
  const options: string[] = []
  if (query.length > 0) options.push(`query: ${jsLiteral(Object.fromEntries(query))}`)
  const own = headers.filter(([name]) => !/^(accept|content-type|authorization)$/i.test(name))
  if (own.length > 0)
    options.push(
      `headers: { ${own.map(([name, value]) => `${propertyName(name)}: ${quote(String(value))}`).join(', ')} }`,
    )
  const given = path.map(([, value]) => jsLiteral(value))
  if (body !== undefined) given.push(bodyLiteral(body, model))
  if (options.length > 0) given.push(`{ ${options.join(', ')} }`)
  return given
}

/** `employees.get` → `employee`; `employees.list` → `employee`, one at a time. */
function resultName(resource: string, method: string): string {
  const noun = resource
    .replace(/ies$/, 'y')
    .replace(/(ss|x|ch|sh)es$/, '$1')
    .replace(/([^s])s$/, '$1')
  return method === 'list' ? noun : /^(get|create|update|replace)$/.test(method) ? noun : 'result'
}

/** @param token what stands for the access token */
function httpRequest(operation: Operation, values: Values, { model, publicUrl }: SampleContext, token: string) {
  let path = operation.path
  for (const [name, value] of values.path) path = path.replaceAll(`{${name}}`, encodeURIComponent(text(value)))
  const headers = values.headers.map(([name, value]) => ({ name, value: text(value) }))
  for (const requirement of bestAlternative(operation)) {
    const scheme = model.schemes[requirement.scheme]
    if (requirement.token) headers.push({ name: 'Authorization', value: `Bearer ${token}` })
    else if (scheme?.type === 'apiKey' && scheme.in === 'header')
      headers.push({ name: scheme.parameter ?? scheme.name, value: '…' })
    else if (scheme?.type === 'http')
      headers.push({ name: 'Authorization', value: `${scheme.scheme === 'basic' ? 'Basic' : scheme.scheme} …` })
  }
  const query = values.query.map(([name, value]) => ({
    name: encodeURIComponent(name),
    value: encodeURIComponent(text(value)),
  }))
  const body = values.body
  // A client writes the boundary of a multipart body itself.
  if (body !== undefined && !body.type.startsWith('multipart/'))
    headers.push({ name: 'Content-Type', value: body.type })
  return {
    method: operation.method,
    url: `${publicUrl}/sandbox/${model.name}${path}`,
    headers: unique(headers),
    queryString: query,
    ...(body !== undefined && { postData: postData(body) }),
  }
}

function curl(request: ReturnType<typeof httpRequest>): string {
  const command = shellCurl.generate(request)
  // In single quotes the shell would send the name of the variable.
  return command.replace("'Authorization: Bearer $ACCESS_TOKEN'", '"Authorization: Bearer $ACCESS_TOKEN"')
}

function postData({ type, value }: SampleBody) {
  if (isJson(type)) return { mimeType: type, text: JSON.stringify(value ?? {}) }
  const [mimeType = type] = type.split(';')
  if (/^(multipart\/|application\/x-www-form-urlencoded)/.test(type)) {
    const members = typeof value === 'object' && value !== null ? Object.entries(value) : []
    const params = members.map(([name, member]) => ({ name, value: short(text(member)) }))
    return { mimeType: mimeType.startsWith('multipart/') ? 'multipart/form-data' : mimeType, params }
  }
  if (/^(text\/|application\/xml)/.test(type)) return { mimeType: type, text: short(text(value ?? '…')) }
  return { mimeType: 'application/octet-stream', text: '@file' }
}

function short(value: string): string {
  return value.length <= LONGEST_PART ? value : '…'
}

function unique(headers: readonly { name: string; value: string }[]) {
  return [...new Map(headers.map((header) => [header.name.toLowerCase(), header])).values()]
}

/** The way in that most apps take: one by token alone, if there is one, else the first. */
function bestAlternative(operation: Operation): Alternative {
  const { alternatives } = operation.requirement
  return (
    alternatives.find((alternative) => alternative.every((requirement) => requirement.token)) ?? alternatives[0] ?? []
  )
}

function tokenScopes(alternative: Alternative): string[] {
  return [
    ...new Set(alternative.filter((requirement) => requirement.token).flatMap((requirement) => requirement.scopes)),
  ]
}

function text(value: unknown): string {
  return typeof value === 'string'
    ? value
    : Array.isArray(value)
      ? value.map(text).join(',')
      : (JSON.stringify(value) ?? '')
}
