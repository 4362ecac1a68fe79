import type { MediaType } from '../model/api.ts'
import { isJson } from '../model/media-type.ts'

/** `text/plain; charset=utf-8` without its parameters, lower case. */
export function essence(type: string): string {
  return (type.split(';', 1)[0] ?? '').trim().toLowerCase()
}

/** Several JSON values, one after the other (RFC 7464; JSON Lines). */
export function isJsonLines(type: string): boolean {
  return /^[^/]+\/([^/]+\+)?(x-)?(jsonl|ndjson|json-lines|jsonlines|json-seq)$/.test(essence(type))
}

export function charset(type: string): string | undefined {
  return /;\s*charset="?([^";\s]+)/i.exec(type)?.[1]?.toLowerCase()
}

/** The description of a body of this type: the most exact one (OpenAPI 3.1 section 4.8.14.1). */
export function describing(content: readonly MediaType[], type: string): MediaType | undefined {
  const wanted = essence(type)
  const [group] = wanted.split('/')
  return (
    content.find((media) => essence(media.type) === wanted) ??
    content.find((media) => essence(media.type) === `${group}/*`) ??
    content.find((media) => essence(media.type) === '*/*')
  )
}

/** What to answer with, by `Accept` (RFC 9110 section 12.5.1); of equals, what the document lists first. */
export function negotiate(content: readonly MediaType[], accept: string | undefined): MediaType | undefined {
  const ranges = (accept ?? '').split(',').flatMap((range) => {
    const type = essence(range)
    if (type === '') return []
    const quality = Number(/;\s*q=([\d.]+)/i.exec(range)?.[1] ?? 1)
    return [{ type, quality: Number.isNaN(quality) ? 0 : quality }]
  })
  if (ranges.length === 0) return content.find((media) => isJson(media.type)) ?? content[0]
  let best: { media: MediaType; quality: number } | undefined
  for (const media of content) {
    const quality = qualityOf(media, ranges)
    if (quality > (best?.quality ?? 0)) best = { media, quality }
  }
  return best?.media
}

function qualityOf(media: MediaType, ranges: readonly { type: string; quality: number }[]): number {
  const type = essence(media.type)
  const [group] = type.split('/')
  for (const wanted of [type, `${group}/*`, '*/*']) {
    const range = ranges.find((one) => one.type === wanted)
    if (range !== undefined) return range.quality
  }
  return type.includes('*') ? Math.max(...ranges.map(({ quality }) => quality)) : 0
}
