import type { ApiModel } from '../model/api.ts'
import type { PersonRecord } from '../store/people.ts'

export const ADMINISTRATORS = 'administrators'

/** Whether someone may see an API, and therefore register an app for it. */
export function maySee({ visibility }: Pick<ApiModel, 'visibility'>, person: PersonRecord | undefined): boolean {
  if (visibility === 'public') return true
  if (person === undefined || person.status !== 'active') return false
  if (visibility === 'signed-in' || person.groups.includes(ADMINISTRATORS)) return true
  return visibility.groups.some((group) => person.groups.includes(group))
}
