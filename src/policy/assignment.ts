import { type Finding, failed, held } from './conditions.ts'
import type { GrantContext } from './context.ts'

/**
 * An app that is limited to some people and groups serves no one else, whatever the rules say. Undefined: it isn't limited,
 * or acts for itself.
 */
export function checkAssignment({ client, user }: GrantContext): Finding | undefined {
  const { assigned } = client
  if (assigned === undefined || user === undefined) return undefined
  const group = assigned.groups.find((group) => user.groups.includes(group))
  if (assigned.people.includes(user.id)) return held('assigned', `user ${user.email}: assigned to the app`)
  if (group !== undefined) return held('assigned', `group ${group}: assigned to the app`)
  return failed('assigned', `user ${user.email}: not assigned to the app`, 'to be assigned to the app')
}
