import type { BodyFormatPlan, OperationPlan } from '../plan/plan.ts'
import type { OperationDates } from './dates.ts'
import { isPlain, styleName } from './style-name.ts'
import { Identifier, literal } from './text.ts'

/**
 * The operation as the runtime reads it: only what differs from its defaults. What it needs at work (styles, encodings,
 * ways to read a body) is named, under a `$`, so that it is imported, and bundled with what is called.
 */
export function descriptor(operation: OperationPlan, dates: OperationDates | undefined): string {
  const { id, method, path, result, body, requirement, server, idempotencyHeader } = operation
  const token = requirement.alternatives.filter((alternative) => alternative.token)
  const places = (['path', 'query', 'header', 'cookie'] as const).flatMap((place) => {
    const these = operation.parameters.filter((parameter) => parameter.in === place && !isPlain(parameter))
    const styles = these.map((parameter) => [parameter.name, new Identifier(`$${styleName(parameter)}`)] as const)
    return these.length === 0 ? [] : [[PLACES[place], Object.fromEntries(styles)] as const]
  })
  const read = readerOf(result.kind)
  const reads = result.others.map(({ mediaType, kind }) => [mediaType, readerOf(kind) ?? new Identifier('$readJson')])
  return literal({
    id,
    method,
    path,
    ...(places.length > 0 && { parameters: Object.fromEntries(places) }),
    // Of several, the call names one.
    ...(body !== undefined && body.others.length === 0 && { body: bodyFormat(body) }),
    ...(result.accept !== undefined && { accept: result.accept }),
    ...(read !== undefined && { read }),
    ...(dates !== undefined && {
      dates: {
        revive: new Identifier('$revive'),
        ...(dates.result !== undefined && { shape: new Identifier(dates.result) }),
        ...(dates.failures !== undefined && { failures: new Identifier(dates.failures) }),
      },
    }),
    ...(reads.length > 0 && { reads: Object.fromEntries(reads) }),
    ...(result.kind !== 'none' && result.empty.length > 0 && { mayBeEmpty: true }),
    ...(requirement.stated && { scopes: token.map(({ scopes }) => scopes) }),
    ...(server !== undefined && { server }),
    ...(idempotencyHeader !== undefined && { idempotencyHeader }),
  })
}

/** How a body is written, as the runtime reads it. */
export function bodyFormat({ mediaType, kind, parts }: BodyFormatPlan): object {
  const encode = new Identifier(ENCODERS[kind])
  return { type: mediaType, encode, ...(Object.keys(parts).length > 0 && { parts }) }
}

/** How a list continues, as the runtime reads it. */
export function paginationOf(pagination: NonNullable<OperationPlan['pagination']>): string {
  const { items } = pagination
  const next = (name: string): { readonly next: Identifier; readonly items: string } => ({
    next: new Identifier(`$${name}`),
    items,
  })
  if (pagination.link === true) return literal(next('nextByLink'))
  switch (pagination.kind) {
    case 'link':
      return literal(next('nextByLink'))
    case 'cursor':
      return literal({ ...next('nextByCursor'), parameter: pagination.cursor, cursor: pagination.next })
    case 'page':
      return literal({ ...next('nextByPage'), parameter: pagination.page, total: pagination.total })
    case 'offset':
      return literal({ ...next('nextByOffset'), parameter: pagination.offset, total: pagination.total })
  }
}

const PLACES = { path: 'path', query: 'query', header: 'headers', cookie: 'cookies' } as const

const ENCODERS = {
  json: '$encodeJson',
  form: '$encodeForm',
  multipart: '$encodeMultipart',
  text: '$encodeText',
  binary: '$encodeBinary',
} as const

function readerOf(kind: OperationPlan['result']['kind']): Identifier | undefined {
  if (kind === 'text') return new Identifier('$readText')
  return kind === 'binary' ? new Identifier('$readBlob') : undefined
}
