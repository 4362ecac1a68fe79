import { safeName } from '../../model/names.ts'
import type { OperationPlan } from '../plan/plan.ts'
import { neededGrants } from '../plan/requirement.ts'
import { literal, quote } from './text.ts'

/** Type expressions of one operation, in terms of imports under names that no name of a document can be. */
export interface OperationTypes {
  readonly path: readonly { readonly name: string; readonly identifier: string; readonly type: string }[]
  readonly body: string | undefined
  readonly query: Part | undefined
  readonly headers: Part | undefined
  readonly cookies: Part | undefined
  /** The body of a success, all fields visible. */
  readonly result: string
  /** What the caller must hold; undefined: nothing. */
  readonly needs: string | undefined
}

interface Part {
  readonly type: string
  readonly required: boolean
}

export function operationTypes(operation: OperationPlan): OperationTypes {
  const own = `$operations[${quote(operation.id)}]`
  return {
    path: pathArguments(operation).map(({ name, identifier }) => ({
      name,
      identifier,
      type: `${own}['parameters']['path'][${quote(name)}]`,
    })),
    body: bodyType(operation, own),
    query: part(operation, 'query', own),
    headers: part(operation, 'header', own),
    cookies: part(operation, 'cookie', own),
    result: resultType(operation, own),
    needs: needsType(operation),
  }
}

/** Path parameters as arguments: identifiers that differ from each other and from the other arguments. */
function pathArguments({ parameters }: OperationPlan): { name: string; identifier: string }[] {
  const taken = new Set(['client', 'body', 'options'])
  return parameters
    .filter((parameter) => parameter.in === 'path')
    .map(({ name }) => {
      let identifier = safeName(name, 'value')
      while (taken.has(identifier)) identifier = `${identifier}_`
      taken.add(identifier)
      return { name, identifier }
    })
}

function bodyType({ body }: OperationPlan, own: string): string | undefined {
  if (body === undefined) return undefined
  if (body.kind === 'binary') return '$BinaryBody'
  if (body.kind === 'text') return 'string'
  const type = `${own}['requestBody']['content'][${quote(body.mediaType)}]`
  return body.kind === 'multipart' ? `${type} | FormData` : type
}

function part({ parameters }: OperationPlan, place: 'query' | 'header' | 'cookie', own: string): Part | undefined {
  const these = parameters.filter((parameter) => parameter.in === place)
  if (these.length === 0) return undefined
  return { type: `NonNullable<${own}['parameters']['${place}']>`, required: these.some(({ required }) => required) }
}

function resultType({ result }: OperationPlan, own: string): string {
  if (result.kind === 'none') return 'void'
  const bodies = result.variants.map(({ status, mediaType, schema }) => {
    if (result.kind === 'binary') return 'Blob'
    if (result.kind === 'text') return 'string'
    if (schema === undefined) return 'unknown'
    const index = /^[1-9]\d*$/.test(status) ? status : quote(status)
    return `${own}['responses'][${index}]['content'][${quote(mediaType)}]`
  })
  return [...new Set([...bodies, ...(result.mayBeEmpty ? ['undefined'] : [])])].join(' | ')
}

/** AND is a union inside one `Needs`, OR a union of several. */
function needsType({ requirement }: OperationPlan): string | undefined {
  const sets = neededGrants(requirement)
  if (sets.length === 0) return undefined
  return sets.map((grants) => `$Needs<${grants.map(quote).join(' | ')}>`).join(' | ')
}

/** Whether the arguments besides path and body may be left out. */
export function optionsRequired({ query, headers, cookies }: OperationTypes): boolean {
  return [query, headers, cookies].some((each) => each?.required === true)
}

/** The operation as data for the runtime: only what differs from its defaults. */
export function descriptor(operation: OperationPlan): string {
  const { id, method, path, result, body, requirement, server } = operation
  const parameters = operation.parameters.map(({ name, in: place, style, explode, allowReserved, content }) => {
    const usual = place === 'path' || place === 'header' ? 'simple' : 'form'
    return {
      name,
      in: place,
      ...(style !== usual && { style }),
      ...(explode !== (style === 'form') && { explode }),
      ...(allowReserved && { allowReserved: true }),
      ...(content !== undefined && { content }),
    }
  })
  const token = requirement.alternatives.filter((alternative) => alternative.token)
  return literal({
    id,
    method,
    path,
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      body: { kind: body.kind, type: body.mediaType, ...(Object.keys(body.parts).length > 0 && { parts: body.parts }) },
    }),
    ...(result.accept !== undefined && { accept: result.accept }),
    ...(result.kind !== 'none' && result.mayBeEmpty && { mayBeEmpty: true }),
    ...(requirement.stated && { scopes: token.map(({ scopes }) => scopes) }),
    ...(server !== undefined && { server }),
  })
}
