import type { Rule } from '../model/api.ts'
import type { GrantContext } from './context.ts'
import { formatDuration } from './duration.ts'
import { inNetwork } from './network.ts'

/** How one condition of a rule went. */
export interface Finding {
  /** As the rule says it: `users.groups`. */
  readonly condition: string
  readonly held: boolean
  /** `group editors: not a member` */
  readonly evidence: string
  /** Where it failed: what would make it hold, as a developer reads it. "the group `editors`" */
  readonly needs?: string
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
      : failed('grants', `grant ${grant}: not ${grants.join(', ') || 'any'}`, oneOf('the grant', grants)),
  ]
}

function clients({ clients }: When, { client }: GrantContext): Finding[] {
  if (clients === undefined) return []
  const { kinds, softwareIds, ids } = clients
  if (silent(kinds, softwareIds, ids)) return [failed('clients', 'the rule names no app', NOBODY)]
  const findings: Finding[] = []
  if (kinds?.length) {
    if (!kinds.includes(client.kind))
      findings.push(
        failed('clients.kinds', `kind ${client.kind}: not ${kinds.join(', ')}`, oneOf('an app of the kind', kinds)),
      )
    // What an app says of itself opens no gate.
    else if (!client.verified)
      findings.push(failed('clients.kinds', `kind ${client.kind}: the app is not verified`, VERIFIED))
    else findings.push(held('clients.kinds', `kind ${client.kind}`))
  }
  if (softwareIds?.length) {
    const id = client.softwareId
    if (id === undefined || !softwareIds.includes(id))
      findings.push(
        failed(
          'clients.softwareIds',
          `software ${id ?? 'not named'}: not ${softwareIds.join(', ')}`,
          oneOf('the software', softwareIds),
        ),
      )
    else if (!client.verified)
      findings.push(failed('clients.softwareIds', `software ${id}: the app is not verified`, VERIFIED))
    else findings.push(held('clients.softwareIds', `software ${id}`))
  }
  if (ids?.length)
    findings.push(
      ids.includes(client.id)
        ? held('clients.ids', `app ${client.id}`)
        : failed('clients.ids', `app ${client.id}: not listed`, 'to be one of the apps that the rule lists'),
    )
  return findings
}

function users({ users }: When, { user }: GrantContext): Finding[] {
  if (users === undefined) return []
  if (users === 'none') {
    return [
      user === undefined
        ? held('users', 'no user')
        : failed('users', `user ${user.email}: the rule is for none`, 'the app to act for itself'),
    ]
  }
  if (user === undefined) return [failed('users', 'no user', 'someone to sign in')]
  const { groups, emails } = users
  const profile = users.profile === undefined ? undefined : Object.entries(users.profile)
  if (silent(groups, emails, profile)) return [failed('users', 'the rule names no user', NOBODY)]
  const findings = [held('users', `user ${user.email}`)]
  if (groups?.length) {
    const member = groups.find((group) => user.groups.includes(group))
    findings.push(
      member === undefined
        ? failed(
            'users.groups',
            `${groups.length === 1 ? 'group' : 'groups'} ${groups.join(', ')}: not a member`,
            oneOf('the group', groups),
          )
        : held('users.groups', `group ${member}: a member`),
    )
  }
  if (emails?.length) {
    const email = user.email.toLowerCase()
    findings.push(
      emails.some((listed) => listed.toLowerCase() === email)
        ? held('users.emails', `user ${user.email}: listed`)
        : failed('users.emails', `user ${user.email}: not listed`, 'to be one of the people whom the rule lists'),
    )
  }
  for (const [attribute, allowed] of profile ?? []) {
    const condition = `users.profile.${attribute}`
    const values = attributeValues(user.profile, attribute)
    const match = values.find((value) => allowed.includes(value))
    if (match !== undefined) findings.push(held(condition, `${attribute} ${match}`))
    else
      findings.push(
        failed(
          condition,
          `${attribute} ${values.join(', ') || 'not set'}: not ${allowed.join(', ') || 'any'}`,
          oneOf(`the ${attribute}`, allowed),
        ),
      )
  }
  return findings
}

function networks({ networks }: When, { network }: GrantContext): Finding[] {
  if (networks === undefined) return []
  if (network === undefined) return [failed('networks', 'network not known', oneOf('the network', networks))]
  const range = networks.find((range) => inNetwork(network, range))
  return [
    range === undefined
      ? failed('networks', `network ${network}: not in ${networks.join(', ') || 'any'}`, oneOf('the network', networks))
      : held('networks', `network ${network}: in ${range}`),
  ]
}

function authentication({ authenticatedWithin }: When, { authenticatedAt, now }: GrantContext): Finding[] {
  if (authenticatedWithin === undefined) return []
  const needs = `a sign-in within the last ${formatDuration(authenticatedWithin)}`
  if (authenticatedAt === undefined) return [failed('authenticatedWithin', 'sign-in time not known', needs)]
  const age = now - authenticatedAt
  return [
    // Written so that NaN and a time in the future fail.
    age >= 0 && age <= authenticatedWithin
      ? held('authenticatedWithin', `signed in ${age} s ago`)
      : failed('authenticatedWithin', `signed in ${age} s ago: more than ${authenticatedWithin} s`, needs),
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
export function attributeValues(profile: Readonly<Record<string, unknown>>, attribute: string): string[] {
  const value = Object.hasOwn(profile, attribute) ? profile[attribute] : undefined
  return (Array.isArray(value) ? value : [value]).flatMap((one: unknown) =>
    typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean' ? [String(one)] : [],
  )
}

export function held(condition: string, evidence: string): Finding {
  return { condition, held: true, evidence }
}

export function failed(condition: string, evidence: string, needs: string): Finding {
  return { condition, held: false, evidence, needs }
}

const NOBODY = 'a rule that names someone'
const VERIFIED = 'an administrator to verify the app'

function oneOf(noun: string, values: readonly string[]): string {
  return values.length === 0 ? NOBODY : `${noun} ${values.map((value) => `\`${value}\``).join(' or ')}`
}
