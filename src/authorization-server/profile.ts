import { isDeepStrictEqual } from 'node:util'
import { attributeValues } from '../policy/conditions.ts'
import type { AuditEntry } from '../store/audit.ts'
import type { PersonRecord } from '../store/people.ts'
import type { Store } from '../store/store.ts'
import type { Revocation } from './revocation.ts'

export type ProfileRefusal =
  | 'no-such-person'
  /** The provider where people sign in says it at each sign-in. */
  | 'said-elsewhere'
  | 'not-an-attribute'
  | 'not-a-value'
  | 'too-many'

export type ProfileOutcome =
  | { readonly ok: true; readonly profile: PersonRecord['profile'] }
  | { readonly ok: false; readonly because: ProfileRefusal }

export interface AttributeChange {
  readonly attribute: string
  /** Several are a list; none takes the attribute away. */
  readonly values: readonly string[]
  /** Who changes it. */
  readonly by: Pick<AuditEntry, 'actor' | 'ip'>
}

const NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_.:/ -]{0,99}$/u
const UNFIT_VALUE = /[\p{Cc}\p{Zl}\p{Zp}]/u
const LONGEST_VALUE = 200
const MOST = { attributes: 50, values: 20 }

/** The attributes of people that policies may ask for: `users: { profile: { department: [news] } }`. */
export function profilesOf({
  store: { people, audit },
  revocation,
  saidElsewhere,
}: {
  readonly store: Pick<Store, 'people' | 'audit'>
  readonly revocation: Pick<Revocation, 'reviewPerson'>
  /** People sign in at a provider of theirs, whose word replaces the whole profile each time. */
  readonly saidElsewhere: boolean
}) {
  return {
    /** Counts at the next request: tokens of before are judged anew. */
    async setAttribute(personId: string, { attribute, values, by }: AttributeChange): Promise<ProfileOutcome> {
      if (saidElsewhere) return refused('said-elsewhere')
      if (!NAME.test(attribute)) return refused('not-an-attribute')
      if (values.some((value) => value.trim() === '' || value.length > LONGEST_VALUE || UNFIT_VALUE.test(value)))
        return refused('not-a-value')
      const person = await people.get(personId)
      if (person === undefined) return refused('no-such-person')
      const others = Object.keys(person.profile).filter((name) => name !== attribute)
      if (values.length > MOST.values || (values.length > 0 && others.length >= MOST.attributes))
        return refused('too-many')
      const changed = await people.changeProfile(personId, (profile) => withAttribute(profile, attribute, values))
      if (changed === undefined) return refused('no-such-person')
      const [before, after] = [changed.before, changed.after].map((profile) => attributeValues(profile, attribute))
      if (!isDeepStrictEqual(before, after)) {
        await revocation.reviewPerson(personId)
        const values = { ...(before?.length && { before }), ...(after?.length && { after }) }
        const detail = { email: person.email, attribute, ...values }
        await audit.append({ ...by, action: 'person.profile', target: personId, detail })
      }
      return { ok: true, profile: changed.after }
    },
  }
}

function withAttribute(profile: PersonRecord['profile'], attribute: string, values: readonly string[]) {
  const others = Object.entries(profile).filter(([name]) => name !== attribute)
  const [first, ...more] = new Set(values.map((value) => value.trim()))
  if (first === undefined) return Object.fromEntries(others)
  return Object.fromEntries([...others, [attribute, more.length === 0 ? first : [first, ...more]]])
}

function refused(because: ProfileRefusal): ProfileOutcome {
  return { ok: false, because }
}
