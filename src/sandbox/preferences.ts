/** What a call asks to be answered with, by `Prefer` (RFC 7240). */
export interface Preferences {
  /** The status, as the document describes it. */
  readonly code?: number
  /** Name of the example. */
  readonly example?: string
  /** Made up from the schema, whatever examples there are. */
  readonly dynamic?: true
  /** Milliseconds before the answer. */
  readonly latency?: number
  /** The connection breaks before anything is answered. */
  readonly drop?: true
}

const MAX_LATENCY = 30_000

/**
 * Reads the preferences that a sandbox knows: `code=429`, `example=name`, `dynamic=true`, `latency=500`, `fault=drop`.
 * Others are for someone else. A text says which value makes no sense.
 */
export function readPreferences(header: string | undefined): Preferences | string {
  if (header === undefined) return NONE
  const read: { -readonly [K in keyof Preferences]: Preferences[K] } = {}
  for (const [, name = '', quoted, plain] of header.matchAll(PREFERENCE)) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? ''
    switch (name.toLowerCase()) {
      case 'code':
        if (!/^[2-5]\d\d$/.test(value)) return 'code takes a status from 200 to 599'
        read.code = Number(value)
        break
      case 'example':
        read.example = value
        break
      case 'dynamic':
        if (value === 'true') read.dynamic = true
        else if (value !== 'false') return 'dynamic takes true or false'
        break
      case 'latency':
        if (!/^\d{1,5}$/.test(value) || Number(value) > MAX_LATENCY)
          return `latency takes milliseconds, at most ${MAX_LATENCY}`
        read.latency = Number(value)
        break
      case 'fault':
        if (value !== 'drop') return 'fault takes drop'
        read.drop = true
        break
    }
  }
  return read
}

const NONE: Preferences = {}
const PREFERENCE = /([\w-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?/g
