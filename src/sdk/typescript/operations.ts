import type { OperationPlan } from '../plan/plan.ts'
import { neededGrants } from '../plan/requirement.ts'
import { type Module, typeNames } from './modules.ts'
import { code, comment, key, literal, prose, quote } from './text.ts'
import { descriptor, type OperationTypes, operationTypes, optionsRequired } from './types.ts'

/** A resource's operations as functions: what a program imports that wants no more than it calls. */
export function renderOperations(module: Module): string {
  const { operations } = module.resource
  const names = typeNames(operations)
  const body = operations
    .map((operation) => renderOperation(operation, names.get(operation.id) ?? operation.id))
    .join('\n')
  return `${imports(module, body)}\n${body}`
}

/** The function's and the method's signature, in pieces. */
export interface Signature {
  /** `id: …, body: …, options?: …` */
  readonly parameters: string
  /** `id, body, options` */
  readonly arguments: string
  /** With `S` free where the result has gated fields. */
  readonly result: string
  readonly needs: string | undefined
  /** Whether the signature speaks of `S`. */
  readonly generic: boolean
}

/** @param prefix of types that the operations' module exports */
export function signature(operation: OperationPlan, types: OperationTypes, typeName: string, prefix = ''): Signature {
  const visible = (type: string, gated: boolean): string => (gated ? `$Visible<${type}, S>` : type)
  const result = visible(`${prefix}${typeName}Result`, operation.gated.response)
  const mustHaveOptions = optionsRequired(types)
  const pieces = types.path.map(({ identifier, type }) => `${identifier}: ${type}`)
  const names = types.path.map(({ identifier }) => identifier)
  if (types.body !== undefined) {
    const type = visible(`${prefix}${typeName}Body`, operation.gated.request)
    const required = operation.body?.required === true
    pieces.push(required ? `body: ${type}` : mustHaveOptions ? `body: ${type} | undefined` : `body?: ${type}`)
    names.push('body')
  }
  pieces.push(`options${mustHaveOptions ? '' : '?'}: ${prefix}${typeName}Options`)
  names.push('options')
  return {
    parameters: pieces.join(', '),
    arguments: names.join(', '),
    result: returned(operation, result),
    needs: types.needs,
    generic: operation.gated.response || (operation.gated.request && types.body !== undefined),
  }
}

function returned({ pagination, result }: OperationPlan, type: string): string {
  if (result.kind === 'events') return `AsyncGenerator<$ServerSentEvent<${type}>, void, undefined>`
  if (pagination !== undefined && result.kind === 'json')
    return `$Page<$ItemOf<${type}, ${quote(pagination.items)}>, ${type}>`
  return `Promise<${type}>`
}

function renderOperation(operation: OperationPlan, typeName: string): string {
  const types = operationTypes(operation)
  const parts = signature(operation, types, typeName)
  const needs = parts.needs ?? '$Needs<never>'
  const client = parts.generic ? `${needs.includes(' | $') ? `(${needs})` : needs} & $Needs<S>` : needs
  const generics = parts.generic ? '<S extends string>' : ''
  return [
    `const ${operation.id}Operation = ${descriptor(operation)} as const satisfies $Operation\n`,
    renderOptions(types, typeName),
    types.body === undefined ? '' : `export type ${typeName}Body = ${types.body}\n`,
    `export type ${typeName}Result = ${types.result}\n\n`,
    comment(documentation(operation)),
    `export function ${operation.id}${generics}(client: ${client}, ${parts.parameters}): ${parts.result} {\n`,
    `  return ${invocation(operation, types)}\n}\n`,
  ].join('')
}

function renderOptions({ query, headers, cookies }: OperationTypes, typeName: string): string {
  const member = (name: string, type: string, required: boolean): string =>
    `  readonly ${name}${required ? '' : '?'}: ${type}\n`
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
  const path = types.path.map(({ name, identifier }) => (name === identifier ? name : `${key(name)}: ${identifier}`))
  const input = [
    ...(path.length === 0 ? [] : [`path: { ${path.join(', ')} }`]),
    ...(types.query === undefined ? [] : [`query: options${optionsRequired(types) ? '' : '?'}.query`]),
    ...(types.cookies === undefined ? [] : [`cookies: options${optionsRequired(types) ? '' : '?'}.cookies`]),
    ...(types.body === undefined ? [] : ['body']),
    'options',
  ].join(', ')
  const name = `${operation.id}Operation`
  const { result, pagination } = operation
  if (result.kind === 'events')
    return `$events(client, ${name}, { ${input} }, ${isTextual(operation) ? 'false' : 'true'})`
  if (pagination !== undefined && result.kind === 'json')
    return `$page(client, ${name}, ${literal(runtimePagination(pagination))}, { ${input} })`
  return `$call(client, ${name}, { ${input} })`
}

function runtimePagination(pagination: NonNullable<OperationPlan['pagination']>): object {
  const { link: _, ...named } = pagination
  if (named.kind !== 'cursor') return named
  const { limit: __, ...rest } = named
  return rest
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
  const types = operationTypes(operation)
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

interface Import {
  readonly name: string
  readonly from: string
  readonly value?: true
}

const IMPORTS: readonly Import[] = [
  { name: 'call', from: 'runtime/call.ts', value: true },
  { name: 'events', from: 'runtime/events.ts', value: true },
  { name: 'page', from: 'runtime/page.ts', value: true },
  { name: 'BinaryBody', from: 'runtime/body.ts' },
  { name: 'ServerSentEvent', from: 'runtime/events.ts' },
  { name: 'ItemOf', from: 'runtime/grants.ts' },
  { name: 'Needs', from: 'runtime/grants.ts' },
  { name: 'Visible', from: 'runtime/grants.ts' },
  { name: 'Operation', from: 'runtime/operation.ts' },
  { name: 'Page', from: 'runtime/page.ts' },
  { name: 'RequestOptions', from: 'runtime/transport.ts' },
  { name: 'operations', from: 'schema.ts' },
]

/**
 * Imports of what a module's text names, under a `$` that no name from a document can have. Only what is used: an unused
 * import is an error to the strictest compilers.
 */
export function imports(module: Module, body: string): string {
  const up = '../'.repeat(module.path.split('/').length)
  // Literals and comments can't make an import look used: what isn't code is taken out first.
  const source = body.replace(/\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'/g, "''")
  const used = IMPORTS.filter(({ name }) => new RegExp(`\\$${name}\\b`).test(source))
  return [...new Set(used.map(({ from }) => from))]
    .sort()
    .map((from) => {
      const names = used.filter((each) => each.from === from)
      const typesOnly = names.every(({ value }) => value !== true)
      const list = names.map(({ name, value }) => `${value === true || typesOnly ? '' : 'type '}${name} as $${name}`)
      return `import ${typesOnly ? 'type ' : ''}{ ${list.join(', ')} } from '${up}${from}'\n`
    })
    .join('')
}
