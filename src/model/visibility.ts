import type { Visibility } from './api.ts'
import { isObject, strings } from './document.ts'

/** The group whose members look after the portal. */
export const ADMINISTRATORS = 'administrators'

/** Whoever asks; undefined: someone who didn't sign in. */
export interface Reader {
  readonly groups: readonly string[]
}

/** Whoever runs the server, and made what has no owner. */
export const OPERATOR: Reader = { groups: [ADMINISTRATORS] }

/**
 * Whether someone may see an API, or (of those who may see its API) an operation. Administrators see what is published
 * to groups, too: they answer for it.
 */
export function maySee({ visibility }: { readonly visibility?: Visibility }, reader: Reader | undefined): boolean {
  if (visibility === undefined || visibility === 'public') return true
  if (reader === undefined) return false
  if (visibility === 'signed-in' || reader.groups.includes(ADMINISTRATORS)) return true
  return visibility.groups.some((group) => reader.groups.includes(group))
}

/** `x-visibility` of an operation. What can't be understood shows it to nobody but administrators. */
export function visibilityOf(value: unknown): Visibility | undefined {
  if (value === undefined || value === 'public' || value === 'signed-in') return value
  return { groups: isObject(value) ? strings(value.groups) : [] }
}
