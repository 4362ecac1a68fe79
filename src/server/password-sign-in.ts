import type { Directory } from '../authorization-server/directory.ts'
import {
  limitedAddress,
  PASSWORDS,
  PASSWORDS_OF_ADDRESS,
  PASSWORDS_OF_NETWORK,
} from '../authorization-server/limits.ts'
import type { Limit } from '../store/limits.ts'
import type { PersonRecord } from '../store/people.ts'
import type { Store } from '../store/store.ts'
import { knownBrowsers } from './known-browsers.ts'

export interface PasswordSignInOptions {
  readonly store: Pick<Store, 'limits' | 'settings'>
  readonly directory: Pick<Directory, 'authenticate'>
}

export interface Attempt {
  readonly email: string
  readonly password: string
  /** Of the caller. */
  readonly address: string | undefined
  /** What the browser was given when someone last signed in in it. */
  readonly device: string | undefined
}

export type SignedIn = { readonly person: PersonRecord; readonly device: string }
/** Not looked at. The same may be tried again after so many seconds. */
export type Limited = { readonly wait: number }

/** What is counted, the narrowest first. */
type Counted = readonly [name: string, limit: Limit]

/**
 * Signing in by password, so often and no more. Wrong ones count for the account *and* where they come from: nobody locks
 * out someone who is elsewhere. Many share an address, though (an office, a carrier), so a browser in which the person has
 * signed in before is counted by itself: whoever tries passwords at the next desk doesn't keep them out. In a new browser they
 * may have to wait, for one share of the time; while someone there goes on and on, for a link of an administrator's, which
 * makes the browser known.
 */
export function passwordSignIn({ store: { limits, settings }, directory }: PasswordSignInOptions) {
  const browsers = knownBrowsers({ settings })

  return async ({ password, address, ...by }: Attempt): Promise<SignedIn | 'wrong' | Limited> => {
    const email = by.email.toLowerCase()
    const device = await browsers.find(by.device, email)
    const counted =
      device === undefined ? countedAt(email, address) : [[`password of ${email} in ${device}`, PASSWORDS] as const]
    // Counted before it is known to be wrong: of many at once, none goes unnoticed.
    for (const [index, [name, limit]] of counted.entries()) {
      if (await limits.take(name, limit)) continue
      for (const [taken, of] of counted.slice(0, index)) await limits.giveBack(taken, of)
      return { wait: await limits.wait(name, limit) }
    }
    const person = await directory.authenticate(email, password)
    if (person === undefined) return 'wrong'
    const [[own] = [''], ...shared] = counted
    await limits.forget(own)
    for (const [name, limit] of shared) await limits.giveBack(name, limit)
    return { person, device: await browsers.mark(email, device) }
  }
}

function countedAt(email: string, address: string | undefined): Counted[] {
  const network = limitedAddress(address)
  return [
    [`password of ${email} at ${address ?? network}`, PASSWORDS],
    ...(network === address ? [] : [[`password of ${email} from ${network}`, PASSWORDS_OF_NETWORK] as const]),
    [`password from ${network}`, PASSWORDS_OF_ADDRESS],
  ]
}
