import { parameterKey } from '../docs/parameter-key.ts'
import type { TryForm } from '../docs/try-it.ts'
import { Malformed, type TryDraft } from '../docs/try-request.ts'

const PREFIX = '#try='

/**
 * The address of this page with what is filled in. It stands in the fragment, which no server sees. Keys, tokens and files
 * are never part of it.
 */
export function shareUrl(draft: TryDraft): string {
  const { parameters, media, body } = draft
  const bytes = new TextEncoder().encode(JSON.stringify({ parameters, media, body }, plain))
  const url = new URL(location.href)
  url.hash = PREFIX + btoa(Array.from(bytes, letterOf).join('')).replaceAll('+', '-').replaceAll('/', '_')
  return url.href
}

/** `btoa` takes bytes as letters. */
function letterOf(byte: number): string {
  return String.fromCharCode(byte)
}

/** What a shared address fills in; undefined where it doesn't, or isn't of this form. */
export function sharedDraft(hash: string, form: TryForm): TryDraft | undefined {
  if (!hash.startsWith(PREFIX)) return undefined
  try {
    const text = atob(hash.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(text, (char) => char.codePointAt(0) ?? 0)
    return draftOf(JSON.parse(new TextDecoder().decode(bytes)), form)
  } catch (error) {
    // Someone else wrote it, or a mail program cut it short: the form starts as usual.
    if (error instanceof SyntaxError || error instanceof DOMException) return undefined
    throw error
  }
}

/** A draft from outside: only what the form knows of. */
export function draftOf(value: unknown, form: TryForm): TryDraft | undefined {
  if (!isRecord(value) || !isRecord(value.parameters)) return undefined
  const known = new Set(form.parameters.map(parameterKey))
  const parameters = Object.fromEntries(Object.entries(value.parameters).filter(([key]) => known.has(key)))
  const media = Number(value.media)
  return { parameters, keys: {}, media: form.bodies[media] === undefined ? 0 : media, body: value.body }
}

/** Files stay behind; what isn't JSON yet is of no use to another. */
export function plain(_: string, value: unknown): unknown {
  return value instanceof Blob || value instanceof Malformed ? undefined : value
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
