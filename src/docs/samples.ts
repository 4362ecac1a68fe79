import type { Alternative, ApiModel, MediaType, Operation } from '../model/api.ts'
import { planSdk } from '../sdk/plan/build.ts'
import type { OperationPlan } from '../sdk/plan/plan.ts'
import { clientName } from '../sdk/typescript/client.ts'
import { ENVIRONMENT } from '../sdk/typescript/docs.ts'
import { bodyValue, parameterExample } from './example.ts'
import { httpCall, isUnsaid, type Values } from './http-call.ts'
import { PLAIN_HTTP } from './http-samples.ts'
import { jsLiteral, propertyName, quote } from './js-literal.ts'
import type { Viewer } from './lens.ts'
import { type OwnValues, ownParameters } from './own-values.ts'
import { parameterKey } from './parameter-key.ts'
import { bodyLiteral, type SampleBody } from './sample-body.ts'
import type { TryDraft } from './try-request.ts'
import { calling, redacted, scopesTogether } from './withheld.ts'

const TYPESCRIPT = { id: 'typescript', title: 'TypeScript' } as const

/** Of every operation's samples, in their order. */
export const LANGUAGES = [TYPESCRIPT, ...PLAIN_HTTP] as const

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
    ...PLAIN_HTTP.map(({ id, title, write }) => ({
      id,
      title,
      code: write(httpCall(operation, values, context, bestAlternative(operation))),
    })),
  ]
}

/** What has to be given, and nothing else. */
function sampleValues(operation: Operation, { model, viewer, values }: SampleContext): Values {
  const own = values === undefined ? undefined : ownParameters(operation, model, values)
  const valued = operation.parameters
    .filter(({ required }) => required)
    .map((parameter) => ({
      parameter,
      value: own?.get(parameterKey(parameter)) ?? parameterExample(parameter, model),
    }))
  const media = operation.body?.content[0]
  const body = media === undefined ? undefined : bodyValue(media, model)
  // What would be refused isn't sent.
  const sent = redacted(body, media?.schema, model.schemas, calling([operation], viewer)).body
  return { parameters: valued, ...(media && { body: sampleBody(media, sent) }) }
}

function givenValues(operation: Operation, { parameters, media: index, body }: Given): Values {
  const media = operation.body?.content[index] ?? operation.body?.content[0]
  return {
    parameters: operation.parameters.flatMap((parameter) => {
      const value = parameters[parameterKey(parameter)]
      return value === undefined ? [] : [{ parameter, value }]
    }),
    ...(media !== undefined && body !== undefined && { body: sampleBody(media, body) }),
  }
}

function sampleBody({ type, schema, encoding }: MediaType, value: unknown): SampleBody {
  return { type, value, schema, encoding }
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
  const type = clientName({ api: model })
  return { type, variable: type.charAt(0).toLowerCase() + type.slice(1) }
}

function typescript(operation: Operation, values: Values, context: SampleContext): string {
  const { type, variable } = clientNames(context.model)
  const place = planned(context.model, operation.id)
  if (place === undefined) return ''
  const method = [variable, ...place.path, place.operation.name].join('.')
  const call = `${method}(${argumentsOf(operation, values, context.model).join(', ')})`
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
  const scopes = viewer.scopes.length > 0 ? scopesTogether(operation, viewer) : tokenScopes(alternative)
  return [
    `const ${variable} = new ${type}({`,
    `  clientId: ${id},`,
    `  clientSecret: process.env['${ENVIRONMENT.clientSecret}'],`,
    ...(scopes.length > 0 ? [`  scopes: ${jsLiteral([...scopes], 1)},`] : []),
    '})',
  ]
}

function argumentsOf({ path }: Operation, { parameters, body }: Values, model: ApiModel): string[] {
  const options: string[] = []
  const query = parameters.filter(({ parameter }) => parameter.in === 'query')
  if (query.length > 0)
    options.push(
      `query: ${jsLiteral(Object.fromEntries(query.map(({ parameter, value }) => [parameter.name, value])))}`,
    )
  const headers = parameters.filter(({ parameter }) => parameter.in === 'header' && !isUnsaid(parameter))
  if (headers.length > 0)
    options.push(
      `headers: { ${headers.map(({ parameter, value }) => `${propertyName(parameter.name)}: ${quote(String(value))}`).join(', ')} }`,
    )
  const given = placeholders(path).map((name) => {
    const filled = parameters.find(({ parameter }) => parameter.in === 'path' && parameter.name === name)
    return jsLiteral(filled === undefined ? name : filled.value)
  })
  if (body !== undefined) given.push(bodyLiteral(body, model))
  if (options.length > 0) given.push(`{ ${options.join(', ')} }`)
  return given
}

function placeholders(path: string): string[] {
  return [...new Set([...path.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? ''))]
}

/** `employees.get` → `employee`; `employees.list` → `employee`, one at a time. */
function resultName(resource: string, method: string): string {
  const noun = resource
    .replace(/ies$/, 'y')
    .replace(/(ss|x|ch|sh)es$/, '$1')
    .replace(/([^s])s$/, '$1')
  return method === 'list' ? noun : /^(get|create|update|replace)$/.test(method) ? noun : 'result'
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
