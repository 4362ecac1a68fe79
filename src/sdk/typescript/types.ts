import { safeName } from '../../model/names.ts'
import type { BodyFormatPlan, OperationPlan, ResultKind, VariantPlan } from '../plan/plan.ts'
import { neededGrants } from '../plan/requirement.ts'
import { quote } from './text.ts'

/** Type expressions of one operation, in terms of imports under names that no name of a document can be. */
export interface OperationTypes {
  readonly path: readonly { readonly name: string; readonly identifier: string; readonly type: string }[]
  readonly body: string | undefined
  /** A declaration of what is sent by media type, where there is a choice. */
  readonly bodies: string | undefined
  readonly query: Part | undefined
  readonly headers: Part | undefined
  readonly cookies: Part | undefined
  /** The body of a success, all fields visible. */
  readonly result: string
  /** The same by status, where that tells bodies apart. */
  readonly answers: string | undefined
  /** A declaration of the bodies by media type, where there is a choice. */
  readonly accepts: string | undefined
  /** What the caller must hold; undefined: nothing. */
  readonly needs: string | undefined
}

interface Part {
  readonly type: string
  readonly required: boolean
}

/** @param typeName what the names of its types begin with */
export function operationTypes(operation: OperationPlan, typeName: string): OperationTypes {
  const own = `$operations[${quote(operation.id)}]`
  return {
    path: pathArguments(operation).map(({ name, identifier }) => ({
      name,
      identifier,
      type: `${own}['parameters']['path'][${quote(name)}]`,
    })),
    body: operation.body && bodyType(operation.body, own),
    bodies: bodiesType(operation, own, typeName),
    query: part(operation, 'query', own),
    headers: part(operation, 'header', own),
    cookies: part(operation, 'cookie', own),
    result: resultType(operation, own),
    answers: answersType(operation, own),
    accepts: acceptsType(operation, own, typeName),
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

function bodyType({ kind, mediaType }: BodyFormatPlan, own: string): string {
  if (kind === 'binary') return '$BinaryBody'
  if (kind === 'text') return 'string'
  const type = `${own}['requestBody']['content'][${quote(mediaType)}]`
  return kind === 'multipart' ? `${type} | FormData` : type
}

/** Bodies by the media type that a caller may send. */
function bodiesType({ body }: OperationPlan, own: string, typeName: string): string | undefined {
  if (body === undefined || body.others.length === 0) return undefined
  const others = body.others.map((other) => `  readonly ${quote(other.mediaType)}: ${bodyType(other, own)}\n`)
  return `export interface ${typeName}Bodies {\n  readonly ${quote(body.mediaType)}: ${typeName}Body\n${others.join('')}}\n`
}

function part({ parameters }: OperationPlan, place: 'query' | 'header' | 'cookie', own: string): Part | undefined {
  const these = parameters.filter((parameter) => parameter.in === place)
  if (these.length === 0) return undefined
  return { type: `NonNullable<${own}['parameters']['${place}']>`, required: these.some(({ required }) => required) }
}

function resultType({ result }: OperationPlan, own: string): string {
  if (result.kind === 'none') return 'void'
  const bodies = result.variants.map((variant) => bodyOf(variant, result.kind, own))
  return union([...bodies, ...(result.empty.length > 0 ? ['undefined'] : [])])
}

/** Where a success has several statuses: which body comes with which. */
function answersType({ result }: OperationPlan, own: string): string | undefined {
  const bodies = [
    ...result.variants.map((variant) => [variant.status, bodyOf(variant, result.kind, own)] as const),
    ...result.empty.map((status) => [status, 'undefined'] as const),
  ]
  if (result.kind === 'none' || result.kind === 'binary' || bodies.length < 2) return undefined
  return bodies.map(([status, body]) => `$Answer<${/^\d+$/.test(status) ? status : 'number'}, ${body}>`).join(' | ')
}

/** Bodies by the media type that a caller may ask for. */
function acceptsType({ result }: OperationPlan, own: string, typeName: string): string | undefined {
  if (result.others.length === 0) return undefined
  const others = result.others.map(
    (other) => `  readonly ${quote(other.mediaType)}: ${bodyOf(other, other.kind, own)}\n`,
  )
  return `export interface ${typeName}Accepts {\n  readonly ${quote(result.accept ?? '')}: ${typeName}Result\n${others.join('')}}\n`
}

function bodyOf({ status, mediaType, schema }: VariantPlan, kind: ResultKind, own: string): string {
  if (kind === 'binary') return 'Blob'
  if (kind === 'text') return 'string'
  if (schema === undefined) return 'unknown'
  const index = /^[1-9]\d*$/.test(status) ? status : quote(status)
  return `${own}['responses'][${index}]['content'][${quote(mediaType)}]`
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(' | ')
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
