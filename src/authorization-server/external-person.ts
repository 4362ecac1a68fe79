import { isDeepStrictEqual } from 'node:util'
import type { PersonRecord } from '../store/people.ts'
import type { Store } from '../store/store.ts'
import type { Revocation } from './revocation.ts'

/** What a provider says of someone who signed in there (OpenID Connect Core, section 5.1). */
export type ProviderClaims = Readonly<Record<string, unknown>> & { readonly iss: string; readonly sub: string }

export interface ExternalPeopleOptions {
  readonly store: Pick<Store, 'people' | 'audit'>
  readonly revocation: Revocation
  /** The claim that lists a person's groups. None: groups are kept here. */
  readonly groupsClaim?: string
}

export type Admission =
  | { readonly ok: true; readonly person: PersonRecord }
  | { readonly ok: false; readonly reason: AdmissionProblem }

/** `taken`: someone else has the e-mail address; `aborted`: they didn't sign in; `unavailable`: the provider doesn't work. */
export type AdmissionProblem = 'no-email' | 'taken' | 'disabled' | 'aborted' | 'unavailable'

/** Claims that are about the token, or that have a column of their own; the rest is the person's profile. */
const NO_PROFILE = new Set(
  'iss sub aud exp nbf iat jti nonce auth_time acr amr azp at_hash c_hash s_hash sid email email_verified name picture updated_at'.split(
    ' ',
  ),
)

/**
 * Whoever signed in at the provider, made at the first time; name, groups and profile follow it each time. Someone who is here
 * already is the same person only if the provider has verified the e-mail address.
 */
export async function admitExternal(claims: ProviderClaims, options: ExternalPeopleOptions): Promise<Admission> {
  const { store, revocation, groupsClaim } = options
  const externalId = `${claims.iss} ${claims.sub}`
  const { email } = claims
  if (typeof email !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(email)) return refused('no-email')
  const name = typeof claims.name === 'string' && claims.name !== '' ? claims.name.slice(0, 200) : email
  const profile = profileOf(claims, groupsClaim)
  const groups = groupsClaim === undefined ? undefined : groupsOf(claims[groupsClaim])

  const known = await store.people.byExternalId(externalId)
  const sameEmail = await store.people.byEmail(email)
  if (known === undefined && sameEmail === undefined) {
    const person = await store.people.add({ email, name, profile, groups: groups ?? [], externalId })
    await store.audit.append({ actor: person.id, action: 'person.added', target: person.id, detail: { email } })
    return { ok: true, person }
  }
  if (known === undefined && (claims.email_verified !== true || sameEmail?.externalId !== undefined))
    return refused('taken')
  if (known !== undefined && sameEmail !== undefined && sameEmail.id !== known.id) return refused('taken')
  const before = known ?? sameEmail
  if (before === undefined || before.status === 'disabled') return refused('disabled')

  await store.people.setExternal(before.id, { externalId, email, name })
  await store.people.setProfile(before.id, profile)
  if (groups !== undefined) await store.people.setGroups(before.id, groups)
  const person = await store.people.get(before.id)
  if (person === undefined) return refused('disabled')
  // What policies look at has changed: tokens of before hold what may not be theirs any more.
  if (!isDeepStrictEqual([before.groups, before.profile], [person.groups, person.profile]))
    await revocation.reviewPerson(person.id)
  return { ok: true, person }
}

function refused(reason: AdmissionProblem): Admission {
  return { ok: false, reason }
}

function groupsOf(claim: unknown): string[] {
  const groups = Array.isArray(claim) ? claim : typeof claim === 'string' ? [claim] : []
  return groups.filter((group) => typeof group === 'string' && group !== '' && group.length <= 200).slice(0, 500)
}

function profileOf(claims: ProviderClaims, groupsClaim: string | undefined): Record<string, unknown> {
  const kept = Object.entries(claims).filter(([claim, value]) => {
    if (NO_PROFILE.has(claim) || claim === groupsClaim) return false
    const values: unknown[] = Array.isArray(value) ? value : [value]
    return values.every((one) => ['string', 'number', 'boolean'].includes(typeof one))
  })
  return Object.fromEntries(kept.slice(0, 50))
}
