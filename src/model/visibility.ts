import type { ApiModel } from './api.ts'

/** The group whose members look after the portal. */
export const ADMINISTRATORS = 'administrators'

/** Whoever asks; undefined: someone who didn't sign in. */
export interface Reader {
  readonly groups: readonly string[]
}

/** Whether someone may see an API. Administrators see what is published to groups, too: they answer for it. */
export function maySee({ visibility }: Pick<ApiModel, 'visibility'>, reader: Reader | undefined): boolean {
  if (visibility === 'public') return true
  if (reader === undefined) return false
  if (visibility === 'signed-in' || reader.groups.includes(ADMINISTRATORS)) return true
  return visibility.groups.some((group) => reader.groups.includes(group))
}
