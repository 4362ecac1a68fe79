import { randomBytes } from 'node:crypto'
import type { NewPerson, PersonRecord } from '../store/people.ts'
import type { Store } from '../store/store.ts'
import { hashPassword, isPassword } from './password.ts'

export interface Directory {
  /** Undefined for an unknown address, a wrong password and a disabled person alike, and after the same time. */
  authenticate(email: string, password: string): Promise<PersonRecord | undefined>
  add(person: Omit<NewPerson, 'passwordHash'> & { readonly password?: string }): Promise<PersonRecord>
  setPassword(personId: string, password: string): Promise<void>
}

export function openDirectory({ people }: Pick<Store, 'people'>): Directory {
  // Compared with when there is nobody to compare with, so that the time taken says nothing.
  const nobody = hashPassword(randomBytes(32).toString('base64url'))
  return {
    async authenticate(email, password) {
      const person = await people.byEmail(email)
      const hash = person === undefined ? undefined : await people.passwordHash(person.id)
      const matches = await isPassword(password, hash ?? (await nobody))
      return matches && hash !== undefined && person?.status === 'active' ? person : undefined
    },

    async add({ password, ...person }) {
      return people.add({
        ...person,
        ...(password === undefined ? {} : { passwordHash: await hashPassword(password) }),
      })
    },

    async setPassword(personId, password) {
      await people.setPasswordHash(personId, await hashPassword(password))
    },
  }
}
