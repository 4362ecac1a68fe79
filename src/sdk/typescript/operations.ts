import type { OperationPlan } from '../plan/plan.ts'
import { neededGrants } from '../plan/requirement.ts'
import type { DateShapes, OperationDates } from './dates.ts'
import { bodyFormat, descriptor, paginationOf } from './descriptor.ts'
import { imports } from './imports.ts'
import { type Module, typeNames } from './modules.ts'
import { code, comment, key, literal, prose, quote } from './text.ts'
import { type OperationTypes, operationTypes, optionsRequired } from './types.ts'

/** A resource's operations as functions: what a program imports that wants no more than it calls. */
export function renderOperations(module: Module, dates: DateShapes | undefined): string {
  const { operations } = module.resource
  const names = typeNames(operations)
  const body = operations
    .map((operation) => renderOperation(operation, names.get(operation.id) ?? operation.id, dates?.of(operation)))
    .join('\n')
  return `${imports(module, body)}\n${body}`
}

/** The function's and the method's signature, in pieces. */
export interface Signature {
  /** `S`, `A extends keyof …`: parameters of types, in order. */
  readonly generics: readonly string[]
  /** `id: …, body: …, options?: …` */
  readonly parameters: string
  /** `id, body, options` */
  readonly arguments: string
  /** With `S` free where the result has gated fields. */
  readonly result: string
  readonly needs: string | undefined
  /** Whether the signature speaks of `S`. */
  readonly gated: boolean
}

/** @param prefix of types that the operations' module exports */
export function signature(operation: OperationPlan, types: OperationTypes, typeName: string, prefix = ''): Signature {
  const mustHaveOptions = optionsRequired(types)
  const pieces = types.path.map(({ identifier, type }) => `${identifier}: ${type}`)
  const names = types.path.map(({ identifier }) => identifier)
  const sends = types.bodies !== undefined
  const bodies = `${prefix}${typeName}Bodies`
  if (types.body !== undefined) {
    const type = visible(sends ? `${bodies}[C]` : `${prefix}${typeName}Body`, operation.gated.request)
    const required = operation.body?.required === true
    pieces.push(required ? `body: ${type}` : mustHaveOptions ? `body: ${type} | undefined` : `body?: ${type}`)
    names.push('body')
  }
  const chooses = types.accepts !== undefined && !isPaged(operation)
  const choices = [...(chooses ? ['readonly accept?: A'] : []), ...(sends ? ['readonly contentType?: C'] : [])]
  const choice = choices.length === 0 ? '' : ` & { ${choices.join('; ')} }`
  pieces.push(`options${mustHaveOptions ? '' : '?'}: ${prefix}${typeName}Options${choice}`)
  names.push('options')
  const accepts = `${prefix}${typeName}Accepts`
  return {
    generics: [
      ...(chooses ? [`A extends keyof ${accepts} = ${quote(operation.result.accept ?? '')}`] : []),
      ...(sends ? [`C extends keyof ${bodies} = ${quote(operation.body?.mediaType ?? '')}`] : []),
    ],
    parameters: pieces.join(', '),
    arguments: names.join(', '),
    result: chooses
      ? `$Call<${visible(`${accepts}[A]`, operation.gated.response)}>`
      : returned(operation, types, typeName, prefix),
    needs: types.needs,
    gated: operation.gated.response || (operation.gated.request && types.body !== undefined),
  }
}

function visible(type: string, gated: boolean): string {
  return gated ? `$Visible<${type}, S>` : type
}

function isPaged({ pagination, result }: OperationPlan): boolean {
  return pagination !== undefined && result.kind === 'json'
}

function returned(operation: OperationPlan, types: OperationTypes, typeName: string, prefix: string): string {
  const { pagination, result } = operation
  const type = visible(`${prefix}${typeName}Result`, operation.gated.response)
  if (result.kind === 'events') return `AsyncGenerator<$ServerSentEvent<${type}>, void, undefined>`
  if (result.kind === 'lines') return `AsyncGenerator<${type}, void, undefined>`
  if (result.kind === 'binary' && result.empty.length === 0) return '$Download'
  if (pagination !== undefined && isPaged(operation))
    return `$Page<$ItemOf<${type}, ${quote(pagination.items)}>, ${type}>`
  return `$Call<${type}${types.answers === undefined ? '' : `, ${visible(`${prefix}${typeName}Answers`, operation.gated.response)}`}>`
}

function renderOperation(operation: OperationPlan, typeName: string, dates: OperationDates | undefined): string {
  const types = operationTypes(operation, typeName)
  const parts = signature(operation, types, typeName)
  const needs = parts.needs ?? '$Needs<never>'
  const client = parts.gated ? `${needs.includes(' | $') ? `(${needs})` : needs} & $Needs<S>` : needs
  const generics = [...(parts.gated ? ['S extends string'] : []), ...parts.generics].join(', ')
  return [
    `const ${operation.id}Operation = ${descriptor(operation, dates)} as const satisfies $Operation\n`,
    renderOptions(types, typeName),
    types.body === undefined ? '' : `export type ${typeName}Body = ${types.body}\n`,
    types.bodies ?? '',
    types.bodies === undefined ? '' : renderFormats(operation, typeName),
    `export type ${typeName}Result = ${types.result}\n`,
    types.answers === undefined ? '' : `export type ${typeName}Answers = ${types.answers}\n`,
    types.accepts ?? '',
    '\n',
    comment(documentation(operation)),
    `export function ${operation.id}${generics && `<${generics}>`}(client: ${client}, ${parts.parameters}): ${parts.result} {\n`,
    `  return ${invocation(operation, types)}\n}\n`,
  ].join('')
}

function renderFormats({ id, body }: OperationPlan, typeName: string): string {
  const formats = body === undefined ? [] : [body, ...body.others]
  const byType = Object.fromEntries(formats.map((format) => [format.mediaType, bodyFormat(format)]))
  return `const ${id}Formats: Readonly<Record<keyof ${typeName}Bodies, $BodyFormat>> = ${literal(byType)}\n`
}

function renderOptions({ query, headers, cookies }: OperationTypes, typeName: string): string {
  const member = (name: string, type: string, required: boolean): string =>
    `  readonly ${name}${required ? '' : '?'}: ${type}${required ? '' : ' | undefined'}\n`
  const members = [
    query === undefined ? '' : member('query', query.type, query.required),
    headers === undefined
      ? ''
      : member('headers', `${headers.type} & Readonly<Record<string, unknown>>`, headers.required),
    cookies === undefined ? '' : member('cookies', cookies.type, cookies.required),
  ].join('')
  return members === ''
    ? `export type ${typeName}Options = $RequestOptions\n`
    : `export interface ${typeName}Options extends $RequestOptions {\n${members}}\n`
}

function invocation(operation: OperationPlan, types: OperationTypes): string {
  const dot = optionsRequired(types) ? '.' : '?.'
  const path = types.path.map(({ name, identifier }) => (name === identifier ? name : `${key(name)}: ${identifier}`))
  const input = [
    ...(path.length === 0 ? [] : [`path: { ${path.join(', ')} }`]),
    ...(types.query === undefined ? [] : [`query: options${dot}query`]),
    ...(types.cookies === undefined ? [] : [`cookies: options${dot}cookies`]),
    ...(types.body === undefined ? [] : ['body']),
    ...(types.bodies === undefined
      ? []
      : [`format: ${operation.id}Formats[options${dot}contentType ?? ${quote(operation.body?.mediaType ?? '')}]`]),
    ...(types.accepts === undefined || isPaged(operation) ? [] : [`accept: options${dot}accept`]),
    'options',
  ].join(', ')
  const name = `${operation.id}Operation`
  const { result, pagination } = operation
  if (result.kind === 'events')
    return `$events(client, ${name}, { ${input} }, ${isTextual(operation) ? 'false' : 'true'})`
  if (result.kind === 'lines') return `$jsonLines(client, ${name}, { ${input} })`
  if (result.kind === 'binary' && result.empty.length === 0 && types.accepts === undefined)
    return `$download(client, ${name}, { ${input} })`
  if (pagination !== undefined && isPaged(operation))
    return `$page(client, ${name}, ${paginationOf(pagination)}, { ${input} })`
  return `$call(client, ${name}, { ${input} })`
}

/** Events whose data is described as a string, or not at all, are text. */
function isTextual({ result }: OperationPlan): boolean {
  return result.variants.every(({ schema }) => typeof schema !== 'object' || schema.type === 'string')
}

/** Lines of TSDoc for a function or a method. */
export function documentation(operation: OperationPlan): string[] {
  const { summary, description, deprecated, parameters, body, gatedFields } = operation
  const lines = [
    ...(summary === undefined ? [] : [prose(summary), '']),
    ...(description === undefined || description === summary ? [] : [prose(description), '']),
    `${operation.method} ${prose(operation.path)}`,
    '',
    ...(scopeSentence(operation) === undefined ? [] : [prose(scopeSentence(operation) ?? ''), '']),
    ...gatedFields.map(({ name, scopes }) =>
      prose(`${code(name)} is withheld without ${scopes.map(code).join(' and ')}.`),
    ),
    ...(gatedFields.length > 0 ? [''] : []),
  ]
  const types = operationTypes(operation, '')
  for (const { name, identifier } of types.path) {
    const text = parameters.find((parameter) => parameter.in === 'path' && parameter.name === name)?.description
    if (text !== undefined) lines.push(`@param ${identifier} ${prose(text).replace(/\n/g, '\n  ')}`)
  }
  if (body?.description !== undefined) lines.push(`@param body ${prose(body.description).replace(/\n/g, '\n  ')}`)
  if (deprecated) lines.push('@deprecated')
  return lines
}

/** `Needs a and b, or c.`; undefined where anyone may call. */
export function scopeSentence({ requirement }: OperationPlan): string | undefined {
  if (!requirement.stated) return undefined
  const sets = neededGrants(requirement)
  if (sets.length > 0) return `Needs ${sets.map((set) => set.map(code).join(' and ')).join(', or ')}.`
  return requirement.alternatives.some(({ token }) => !token)
    ? 'Anyone may call this.'
    : 'Needs a token, whatever its scopes.'
}
