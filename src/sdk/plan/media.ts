import type { Body, MediaType, Response } from '../../model/api.ts'
import { isJson } from '../../model/media-type.ts'
import type { BodyFormatPlan, BodyPlan, FailurePlan, ResultKind, ResultPlan, VariantPlan } from './plan.ts'

const KINDS = ['json', 'multipart', 'form', 'text', 'binary'] as const

/** The format that a request is sent in: of several, the one that is simplest to use, and what else a caller may choose. */
export function planBody(body: Body | undefined): BodyPlan | undefined {
  if (body === undefined) return undefined
  const ranked = body.content.map(planFormat).sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind))
  const best = ranked[0]
  if (best === undefined) return undefined
  const others = ranked.filter(
    (format, index) =>
      !(format.kind === best.kind && JSON.stringify(format.schema) === JSON.stringify(best.schema)) &&
      ranked.findIndex(({ mediaType }) => mediaType === format.mediaType) === index,
  )
  return {
    ...best,
    required: body.required,
    ...(body.description !== undefined && { description: body.description }),
    others,
  }
}

function planFormat(media: MediaType): BodyFormatPlan {
  const kind = bodyKind(media)
  const parts = Object.entries(media.encoding).flatMap(([name, { contentType }]) =>
    contentType === undefined ? [] : [[name, contentType] as const],
  )
  const unnamed = kind === 'json' ? 'application/json' : 'application/octet-stream'
  return {
    kind,
    mediaType: media.type.includes('*') ? unnamed : media.type,
    ...(media.schema !== undefined && { schema: media.schema }),
    parts: Object.fromEntries(parts),
  }
}

function bodyKind({ type, schema }: MediaType): BodyPlan['kind'] {
  if (isJson(type) || (type.startsWith('*/*') && schema !== undefined)) return 'json'
  if (type.startsWith('multipart/form-data')) return 'multipart'
  if (type.startsWith('application/x-www-form-urlencoded')) return 'form'
  return type.startsWith('text/') ? 'text' : 'binary'
}

/** What a success gives. Of each status' media types the same kind is taken, so that a result is of one kind. */
export function planResult(responses: readonly Response[]): ResultPlan {
  const explicit = responses.filter(({ status }) => status.startsWith('2'))
  const successes = explicit.length > 0 ? explicit : responses.filter(({ status }) => status === 'default')
  const empty = successes.filter(({ content }) => content.length === 0).map(({ status }) => status)
  const offered = successes.flatMap(({ status, content }) =>
    content.map((media) => ({ ...variant(status, media), kind: resultKind(media) })),
  )
  const kind = KINDS_OF_RESULT.find((candidate) => offered.some((offer) => offer.kind === candidate))
  if (kind === undefined) return { kind: 'none', empty, variants: [], others: [] }
  const variants = successes.flatMap(({ status }) => {
    const first = offered.find((offer) => offer.status === status && offer.kind === kind)
    if (first === undefined) return []
    const { kind: _, ...rest } = first
    return [rest]
  })
  const accept = [...new Set(variants.map(({ mediaType }) => mediaType))]
  const same = ({ kind: other, schema }: VariantPlan & { readonly kind: ResultKind }): boolean =>
    other === kind && variants.some((variant) => JSON.stringify(variant.schema) === JSON.stringify(schema))
  const others = offered.filter(
    (offer, index) =>
      !same(offer) &&
      !accept.includes(offer.mediaType) &&
      !offer.mediaType.includes('*') &&
      ['json', 'text', 'binary'].includes(offer.kind) &&
      offered.findIndex(({ mediaType }) => mediaType === offer.mediaType) === index,
  )
  return { kind, accept: accept.join(', '), empty, variants, others: ['events', 'lines'].includes(kind) ? [] : others }
}

/** The refusals whose bodies a caller may read: not 401, which a client tells of before anyone reads its body. */
export function refusals(responses: readonly Response[]): Response[] {
  const explicit = responses.some(({ status }) => status.startsWith('2'))
  return responses.filter(
    ({ status }) => (/^[45]/.test(status) && status !== '401') || (status === 'default' && explicit),
  )
}

/** What is declared of refusals. Where a range says what the others are like, also those that have no body. */
export function planFailures(responses: readonly Response[]): FailurePlan[] {
  const failures = refusals(responses)
  const ranged = failures.some(({ status, content }) => !/^\d+$/.test(status) && content.length > 0)
  return failures
    .filter(({ content }) => content.length > 0 || ranged)
    .map(({ status, content }) => ({ status, bodies: content.map((media) => failureBody(status, media)) }))
}

/** An error holds JSON as it is parsed, and everything else as text. */
function failureBody(status: string, { type, schema }: MediaType): VariantPlan {
  if (!isJson(type)) return { status, mediaType: type, schema: { type: 'string' } }
  return { status, mediaType: type, ...(schema !== undefined && { schema }) }
}

const KINDS_OF_RESULT = ['json', 'events', 'lines', 'text', 'binary'] as const

function variant(status: string, media: MediaType): VariantPlan {
  const schema = STREAMS.has(resultKind(media)) ? (media.itemSchema ?? media.schema) : media.schema
  return { status, mediaType: media.type, ...(schema !== undefined && { schema }) }
}

const STREAMS = new Set<ResultKind>(['events', 'lines'])

function resultKind({ type }: MediaType): Exclude<ResultKind, 'none'> {
  if (isJson(type) || type.startsWith('*/*')) return 'json'
  if (type.startsWith('text/event-stream')) return 'events'
  if (/^application\/([a-z.-]+\+)?(x-)?(jsonl(ines)?|ndjson|json-seq|json-lines)\s*(;|$)/.test(type)) return 'lines'
  return /^(text\/|application\/(xml|[^;]*\+xml))/.test(type) ? 'text' : 'binary'
}
