import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Store } from '../store/store.ts'
import { readCookie, setCookie } from './cookies.ts'

const COOKIE = 'sallyport_device'
/** Seconds that a browser counts as one in which someone signs in. */
const LIFETIME = 180 * 86_400

/** What a browser has of someone who signed in in it: a number of its own, and proof that it is for this account. */
export function browserOf(request: IncomingMessage): string | undefined {
  return readCookie(request, COOKIE)
}

/** @param mark as {@link knownBrowsers} made it */
export function rememberBrowser(response: ServerResponse, mark: string, secure: boolean): void {
  setCookie(response, COOKIE, mark, { maxAge: LIFETIME, secure, path: '/sign-in' })
}

/** Tells browsers in which the person has signed in before from all others. */
export function knownBrowsers({ settings }: Pick<Store, 'settings'>) {
  const key = async () => String(await settings.establish('device-key', () => randomBytes(32).toString('base64url')))
  const sign = async (nonce: string, email: string) =>
    createHmac('sha256', await key())
      .update(`${nonce} ${email.toLowerCase()}`)
      .digest('base64url')

  return {
    /** The browser's own number, if it was given for this account. */
    async find(mark: string | undefined, email: string): Promise<string | undefined> {
      const [nonce = '', proof = ''] = mark?.split('.') ?? []
      const [expected, given] = [Buffer.from(await sign(nonce, email)), Buffer.from(proof)]
      return expected.length === given.length && timingSafeEqual(expected, given) ? nonce : undefined
    },

    /** @param nonce of a browser that is known already */
    async mark(email: string, nonce = randomBytes(16).toString('base64url')): Promise<string> {
      return `${nonce}.${await sign(nonce, email)}`
    },
  }
}
