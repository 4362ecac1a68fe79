import type { Kind } from '../../model/api.ts'
import { KINDS } from '../../model/kind.ts'
import { app } from '../../wording/wording.ts'

/** Kinds of app that the form offers, in words. */
export const KIND_CHOICES = KINDS.map((value) => ({ value, ...app.kinds[value] }))

export function kindInWords(kind: Kind): string {
  return app.kinds[kind].label
}
