import type { Body, MediaType, Response } from '../../model/api.ts'
import type { BodyPlan, ResultPlan } from './plan.ts'

const KINDS = ['json', 'multipart', 'form', 'text', 'binary'] as const

/** The format that a request is sent in: of several, the one that is simplest to use. */
export function planBody(body: Body | undefined): BodyPlan | undefined {
  if (body === undefined) return undefined
  const ranked = body.content
    .map((media) => ({ media, kind: bodyKind(media) }))
    .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind))
  const best = ranked[0]
  if (best === undefined) return undefined
  const { media, kind } = best
  const parts = Object.entries(media.encoding).flatMap(([name, { contentType }]) =>
    contentType === undefined ? [] : [[name, contentType] as const],
  )
  return {
    required: body.required,
    kind,
    mediaType: media.type.includes('*')
      ? kind === 'json'
        ? 'application/json'
        : 'application/octet-stream'
      : media.type,
    ...(body.description !== undefined && { description: body.description }),
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
  const offered = successes.flatMap(({ content }) => content).map((media) => ({ media, kind: resultKind(media.type) }))
  const order = ['json', 'events', 'text', 'binary'] as const
  const kind = order.find((candidate) => offered.some((offer) => offer.kind === candidate))
  if (kind === undefined) return { kind: 'none', mayBeEmpty: true, variants: [] }
  const variants = successes.flatMap(({ status, content }) => {
    const media = content.find(({ type }) => resultKind(type) === kind)
    if (media === undefined) return []
    const schema = kind === 'events' ? (media.itemSchema ?? media.schema) : media.schema
    return [{ status, mediaType: media.type, ...(schema !== undefined && { schema }) }]
  })
  const accept = [...new Set(variants.map(({ mediaType }) => mediaType))].join(', ')
  return { kind, accept, mayBeEmpty: successes.some(({ content }) => content.length === 0), variants }
}

function resultKind(type: string): 'json' | 'events' | 'text' | 'binary' {
  if (isJson(type) || type.startsWith('*/*')) return 'json'
  if (type.startsWith('text/event-stream')) return 'events'
  return /^(text\/|application\/(xml|[^;]*\+xml))/.test(type) ? 'text' : 'binary'
}

/** `application/json`, `application/vnd.api+json; charset=utf-8` … */
function isJson(type: string): boolean {
  return /^[^;]*[/+]json\s*(;|$)/.test(type)
}
