import { isDeepStrictEqual } from 'node:util'
import { attributeValues } from '../policy/conditions.ts'
import type { AuditEntry } from '../store/audit.ts'
import type { PersonRecord } from '../store/people.ts'
import type { Store } from '../store/store.ts'
import { directory as say } from '../wording/wording.ts'
import type { Revocation } from './revocation.ts'

export type ProfileOutcome =
  | { readonly ok: true; readonly profile: PersonRecord['profile'] }
  /** In words for the one who changes it. */
  | { readonly ok: false; readonly message: string }

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
      if (saidElsewhere) return refused(say.saidElsewhere)
      if (!NAME.test(attribute)) return refused(say.notAnAttribute)
      if (values.some((value) => value.trim() === '' || value.length > LONGEST_VALUE || UNFIT_VALUE.test(value)))
        return refused(say.notAValue(LONGEST_VALUE))
      const person = await people.get(personId)
      if (person === undefined) return refused(say.nobody)
      const others = Object.keys(person.profile).filter((name) => name !== attribute)
      if (values.length > MOST.values || (values.length > 0 && others.length >= MOST.attributes))
        return refused(say.tooMany(MOST.attributes, MOST.values))
      const changed = await people.changeProfile(personId, (profile) => withAttribute(profile, attribute, values))
      if (changed === undefined) return refused(say.nobody)
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

function refused(message: string): ProfileOutcome {
  return { ok: false, message }
}
