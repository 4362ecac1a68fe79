import { code, type Inline, joined, type Moment } from '../inline.ts'

export const language: string = 'en'

/** Made by the first who needs it: most of what loads this file formats nothing, or little. */
function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

const numbers = once(() => new Intl.NumberFormat(language))
const sizes = once(() => new Intl.NumberFormat(language, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 1 }))
const times = once(() => new Intl.DateTimeFormat(language, { timeStyle: 'medium' }))
const moments = once(
  () => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' }),
)
const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const
const dates = {
  medium: once(() => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' })),
  long: once(() => new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' })),
}

export function number(value: number): string {
  return numbers().format(value)
}

export function kilobytes(bytes: number): string {
  return sizes().format(bytes / 1000)
}

/** `1 operation`, `1,223 operations`. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`
}

/** `1 hour`, `30 days`: in the largest unit that leaves no rest. */
export function duration(seconds: number): string {
  const [unit, size] = UNITS.find(([, size]) => seconds % size === 0) ?? ['second', 1]
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / size)
}

/** @param date as in ISO 8601 */
export function day(date: string, style: keyof typeof dates = 'medium'): string {
  return dates[style]().format(new Date(date))
}

/** By the clock of whoever reads. @param at milliseconds since the epoch */
export function clock(at: number): string {
  return times().format(at)
}

/** A moment, in UTC: a server doesn't know its reader's clock. @param at milliseconds since the epoch */
export function moment(at: number): Moment {
  return { time: new Date(at).toISOString(), text: `${moments().format(at)} UTC` }
}

/** The day alone. @param at milliseconds since the epoch */
export function dayOf(at: number): Moment {
  return { time: new Date(at).toISOString(), text: dates.medium().format(at) }
}

/** `a`, `a and b`, `a, b and c`; past `most`, the rest is counted. */
export function names(list: readonly string[], last: 'and' | 'or', most = Number.POSITIVE_INFINITY): Inline[] {
  const shown: Inline[] = list.slice(0, most).map(code)
  return joined(list.length <= most ? shown : [...shown, `${number(list.length - most)} more`], ', ', ` ${last} `)
}

export const counted = {
  operations: (number: number) => count(number, 'operation'),
  fields: (number: number) => count(number, 'field'),
  scopes: (number: number) => count(number, 'scope'),
  tokensInForce: (number: number) => `${count(number, 'token')} in force`,
}
