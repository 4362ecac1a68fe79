import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Directory } from '../authorization-server/directory.ts'
import { limitedAddress, PASSWORDS, PASSWORDS_OF_ADDRESS } from '../authorization-server/limits.ts'
import type { PersonRecord } from '../store/people.ts'
import type { Store } from '../store/store.ts'

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

/**
 * Signing in by password, so often and no more. Wrong ones count for the account *and* where they come from: nobody locks
 * out someone who is elsewhere. Many share an address, though (an office, a carrier), so a browser in which the person has
 * signed in before is counted by itself: whoever tries passwords at the next desk doesn't keep them out.
 */
export function passwordSignIn({ store: { limits, settings }, directory }: PasswordSignInOptions) {
  const key = async () => String(await settings.establish('device-key', () => randomBytes(32).toString('base64url')))
  const sign = async (nonce: string, email: string) =>
    createHmac('sha256', await key())
      .update(`${nonce} ${email}`)
      .digest('base64url')

  /** The browser's own number, if it was given for this account. */
  async function knownDevice(device: string | undefined, email: string): Promise<string | undefined> {
    const [nonce = '', mark = ''] = device?.split('.') ?? []
    const [expected, given] = [Buffer.from(await sign(nonce, email)), Buffer.from(mark)]
    return expected.length === given.length && timingSafeEqual(expected, given) ? nonce : undefined
  }

  return async ({ password, address, ...by }: Attempt): Promise<SignedIn | 'wrong' | 'too many'> => {
    const email = by.email.toLowerCase()
    const device = await knownDevice(by.device, email)
    const from = limitedAddress(address)
    const own = device === undefined ? `password of ${email} from ${from}` : `password of ${email} in ${device}`
    const shared = device === undefined ? `password from ${from}` : undefined
    // Counted before it is known to be wrong: of many at once, none goes unnoticed.
    if (!(await limits.take(own, PASSWORDS))) return 'too many'
    if (shared !== undefined && !(await limits.take(shared, PASSWORDS_OF_ADDRESS))) return 'too many'
    const person = await directory.authenticate(email, password)
    if (person === undefined) return 'wrong'
    await limits.forget(own)
    if (shared !== undefined) await limits.giveBack(shared)
    const nonce = device ?? randomBytes(16).toString('base64url')
    return { person, device: `${nonce}.${await sign(nonce, email)}` }
  }
}
