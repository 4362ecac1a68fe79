import type { Rule } from '../model/api.ts'
import type { GrantContext } from './context.ts'
import { inNetwork } from './network.ts'

/** How one condition of a rule went. */
export interface Finding {
  /** As the rule says it: `users.groups`. */
  readonly condition: string
  readonly held: boolean
  /** `group editors: not a member` */
  readonly evidence: string
}

type When = Rule['when']

/** Every condition that the rule states, but for `scopes`, which also yields a result ({@link ./scopes.ts}). */
export function checkConditions(when: When, context: GrantContext): Finding[] {
  return [
    ...grants(when, context),
    ...clients(when, context),
    ...users(when, context),
    ...networks(when, context),
    ...authentication(when, context),
  ]
}

function grants({ grants }: When, { grant }: GrantContext): Finding[] {
  if (grants === undefined) return []
  return [
    grants.includes(grant)
      ? held('grants', `grant ${grant}`)
      : failed('grants', `grant ${grant}: not ${grants.join(', ') || 'any'}`),
  ]
}

function clients({ clients }: When, { client }: GrantContext): Finding[] {
  if (clients === undefined) return []
  const { kinds, softwareIds, ids } = clients
  if (silent(kinds, softwareIds, ids)) return [failed('clients', 'the rule names no app')]
  const findings: Finding[] = []
  if (kinds?.length) {
    if (!kinds.includes(client.kind))
      findings.push(failed('clients.kinds', `kind ${client.kind}: not ${kinds.join(', ')}`))
    // What an app says of itself opens no gate.
    else if (!client.verified) findings.push(failed('clients.kinds', `kind ${client.kind}: the app is not verified`))
    else findings.push(held('clients.kinds', `kind ${client.kind}`))
  }
  if (softwareIds?.length) {
    const id = client.softwareId
    if (id === undefined || !softwareIds.includes(id))
      findings.push(failed('clients.softwareIds', `software ${id ?? 'not named'}: not ${softwareIds.join(', ')}`))
    else if (!client.verified) findings.push(failed('clients.softwareIds', `software ${id}: the app is not verified`))
    else findings.push(held('clients.softwareIds', `software ${id}`))
  }
  if (ids?.length)
    findings.push(
      ids.includes(client.id)
        ? held('clients.ids', `app ${client.id}`)
        : failed('clients.ids', `app ${client.id}: not listed`),
    )
  return findings
}

function users({ users }: When, { user }: GrantContext): Finding[] {
  if (users === undefined) return []
  if (users === 'none') {
    return [user === undefined ? held('users', 'no user') : failed('users', `user ${user.email}: the rule is for none`)]
  }
  if (user === undefined) return [failed('users', 'no user')]
  const { groups, emails } = users
  const profile = users.profile === undefined ? undefined : Object.entries(users.profile)
  if (silent(groups, emails, profile)) return [failed('users', 'the rule names no user')]
  const findings = [held('users', `user ${user.email}`)]
  if (groups?.length) {
    const member = groups.find((group) => user.groups.includes(group))
    findings.push(
      member === undefined
        ? failed('users.groups', `${groups.length === 1 ? 'group' : 'groups'} ${groups.join(', ')}: not a member`)
        : held('users.groups', `group ${member}: a member`),
    )
  }
  if (emails?.length) {
    const email = user.email.toLowerCase()
    findings.push(
      emails.some((listed) => listed.toLowerCase() === email)
        ? held('users.emails', `user ${user.email}: listed`)
        : failed('users.emails', `user ${user.email}: not listed`),
    )
  }
  for (const [attribute, allowed] of profile ?? []) {
    const condition = `users.profile.${attribute}`
    const values = attributeValues(user.profile, attribute)
    const match = values.find((value) => allowed.includes(value))
    if (match !== undefined) findings.push(held(condition, `${attribute} ${match}`))
    else
      findings.push(
        failed(condition, `${attribute} ${values.join(', ') || 'not set'}: not ${allowed.join(', ') || 'any'}`),
      )
  }
  return findings
}

function networks({ networks }: When, { network }: GrantContext): Finding[] {
  if (networks === undefined) return []
  if (network === undefined) return [failed('networks', 'network not known')]
  const range = networks.find((range) => inNetwork(network, range))
  return [
    range === undefined
      ? failed('networks', `network ${network}: not in ${networks.join(', ') || 'any'}`)
      : held('networks', `network ${network}: in ${range}`),
  ]
}

function authentication({ authenticatedWithin }: When, { authenticatedAt, now }: GrantContext): Finding[] {
  if (authenticatedWithin === undefined) return []
  if (authenticatedAt === undefined) return [failed('authenticatedWithin', 'sign-in time not known')]
  const age = now - authenticatedAt
  return [
    // Written so that NaN and a time in the future fail.
    age >= 0 && age <= authenticatedWithin
      ? held('authenticatedWithin', `signed in ${age} s ago`)
      : failed('authenticatedWithin', `signed in ${age} s ago: more than ${authenticatedWithin} s`),
  ]
}

/**
 * Whether a condition was given with empty lists only. An empty list beside a filled one says nothing; on its own it
 * would read as "anyone", so it is taken as "no one".
 */
function silent(...lists: readonly (readonly unknown[] | undefined)[]): boolean {
  const given = lists.filter((list) => list !== undefined)
  return given.length > 0 && given.every((list) => list.length === 0)
}

/** Own attributes only: `constructor` is nobody's department. */
function attributeValues(profile: Readonly<Record<string, unknown>>, attribute: string): string[] {
  const value = Object.hasOwn(profile, attribute) ? profile[attribute] : undefined
  return (Array.isArray(value) ? value : [value]).flatMap((one: unknown) =>
    typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean' ? [String(one)] : [],
  )
}

export function held(condition: string, evidence: string): Finding {
  return { condition, held: true, evidence }
}

export function failed(condition: string, evidence: string): Finding {
  return { condition, held: false, evidence }
}
