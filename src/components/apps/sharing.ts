import type { SharingField, SharingOutcome } from '../../server/portal-people.ts'
import type { Fields } from '../form/posted.ts'

/** What was typed in one of the two forms, and what is wrong with it. */
export interface SharingRefusal {
  readonly what: 'hand-over' | 'assign'
  readonly typed: Readonly<Record<SharingField, string>>
  /** By the field's id. */
  readonly errors: Readonly<Record<string, string>>
}

const IDS: Readonly<Record<SharingField, string>> = {
  email: 'owner-email',
  team: 'owner-team',
  emails: 'assigned-emails',
  groups: 'assigned-groups',
}

export function sharingRefusal(
  what: SharingRefusal['what'],
  { field, message }: Extract<SharingOutcome, { ok: false }>,
  fields: Fields,
): SharingRefusal {
  const typed = { email: fields.one('email'), team: fields.one('team') }
  const limits = { emails: fields.one('emails'), groups: fields.one('groups') }
  return { what, typed: { ...typed, ...limits }, errors: { [IDS[field]]: message } }
}
