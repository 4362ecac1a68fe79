import { epoch } from '../store/clock.ts'
import type { PersonRecord } from '../store/people.ts'
import type { Store } from '../store/store.ts'
import { digestToken, mintToken } from '../store/token.ts'
import { passwordLink as say } from '../wording/wording.ts'
import { hashPassword } from './password.ts'
import type { Revocation } from './revocation.ts'

/** Why a link is given: the person is new, or has lost their password. */
export type LinkPurpose = 'invitation' | 'reset'

const MODEL = 'PasswordLink'
/** Seconds that a link is good for. */
const LIFETIME: Readonly<Record<LinkPurpose, number>> = { invitation: 7 * 86_400, reset: 3600 }
const LENGTH = { least: 10, most: 200 }

export interface PasswordLinksOptions {
  readonly store: Store
  readonly revocation: Revocation
}

export type PasswordLinks = ReturnType<typeof passwordLinks>

/** Links by which a person sets a password, once. Whoever has one is that person: hand it over by a channel that is theirs. */
export function passwordLinks({ store, revocation }: PasswordLinksOptions) {
  const { payloads, people, audit } = store

  async function find(token: string): Promise<PersonRecord | undefined> {
    const link = await payloads.get(MODEL, digestToken(token))
    if (link === undefined || link.consumedAt !== undefined) return undefined
    const person = await people.get(String(link.payload.personId))
    return person?.status === 'disabled' ? undefined : person
  }

  return {
    /** The secret part of the link. Another one for the same person is void from now on. */
    async mint(personId: string, purpose: LinkPurpose): Promise<string> {
      await payloads.removeIssued({ personId }, [MODEL])
      const token = mintToken()
      const expiresAt = epoch() + LIFETIME[purpose]
      await payloads.put({ model: MODEL, id: digestToken(token), payload: { personId, purpose }, personId, expiresAt })
      return token
    },

    /** Whose it is; undefined: it was used, has expired, or never was. */
    find,

    /** What is wrong with a password, in words for the one who chose it. */
    problem(password: string): string | undefined {
      if (password.length < LENGTH.least) return say.tooShort(LENGTH.least)
      return password.length > LENGTH.most ? say.tooLong(LENGTH.most) : undefined
    },

    /** Sets it and ends every session of the person. Undefined: the link was used, even a moment ago. @param ip whose, for the log */
    async redeem(token: string, password: string, ip?: string): Promise<PersonRecord | undefined> {
      const person = await find(token)
      if (person === undefined || !(await payloads.consume(MODEL, digestToken(token)))) return undefined
      await people.setPasswordHash(person.id, await hashPassword(password))
      await people.setStatus(person.id, 'active')
      await revocation.endSessions(person.id)
      await store.portalSessions.endAll(person.id)
      await payloads.removeIssued({ personId: person.id }, [MODEL])
      await audit.append({ actor: person.id, ip, action: 'person.password-set', target: person.id })
      return { ...person, status: 'active' }
    },
  }
}
