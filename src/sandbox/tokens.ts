import type { Verification, VerifiedToken, Verify } from './caller.ts'

/** Everything that came of one grant. Revoked, it takes every token of it along. */
export interface Grant {
  readonly clientId: string
  readonly sub?: string
  readonly scopes: readonly string[]
  revoked: boolean
}

export interface Issued {
  /** In seconds. */
  readonly lifetime?: number
  readonly clientId?: string
  /** The person in whose name; none: the app acts for itself. */
  readonly sub?: string
}

interface RefreshToken {
  readonly grant: Grant
  /** Of its grant, what this one stands for. */
  readonly scopes: readonly string[]
  used: boolean
}

/** Seconds. */
export const LIFETIME = 600

/** Tokens of a sandbox's own: random, opaque, and gone with the process or the page. */
export class Tokens {
  readonly #access = new Map<string, { readonly token: VerifiedToken; readonly grant: Grant }>()
  readonly #refresh = new Map<string, RefreshToken>()
  readonly #clock: () => number

  /** @param clock milliseconds since the epoch */
  constructor(clock: () => number) {
    this.#clock = clock
  }

  issue(scopes: readonly string[], { lifetime = LIFETIME, clientId = 'try-it', sub }: Issued = {}): string {
    const grant: Grant = { clientId, scopes: [...scopes], revoked: false, ...(sub === undefined ? {} : { sub }) }
    return this.access(grant, grant.scopes, lifetime)
  }

  access(grant: Grant, scopes: readonly string[], lifetime: number): string {
    const { clientId, sub } = grant
    const expiresAt = Math.floor(this.#clock() / 1000) + lifetime
    const token = { clientId, scopes, expiresAt, ...(sub === undefined ? {} : { sub }) }
    return keep(this.#access, { token, grant })
  }

  refresh(grant: Grant, scopes: readonly string[]): string {
    return keep(this.#refresh, { grant, scopes, used: false })
  }

  /** The scopes that a refresh token stands for, and its grant; one that is used twice was stolen, and ends its grant. */
  redeem(text: string, clientId: string): { readonly grant: Grant; readonly scopes: readonly string[] } | undefined {
    const token = this.#refresh.get(text)
    if (token === undefined || token.grant.clientId !== clientId) return undefined
    if (token.used) token.grant.revoked = true
    if (token.grant.revoked) return undefined
    token.used = true
    return token
  }

  /** An access token by itself, a refresh token with everything that came of it (RFC 7009 section 2.1). */
  revoke(text: string, clientId?: string): void {
    const access = this.#access.get(text)
    if (access !== undefined && (clientId === undefined || access.grant.clientId === clientId))
      this.#access.delete(text)
    const refresh = this.#refresh.get(text)
    if (refresh !== undefined && (clientId === undefined || refresh.grant.clientId === clientId))
      refresh.grant.revoked = true
  }

  readonly verify: Verify = async (text): Promise<Verification> => {
    const known = this.#access.get(text)
    if (known === undefined || known.grant.revoked) return { ok: false, reason: 'it is not known, or was revoked' }
    if (known.token.expiresAt <= this.#clock() / 1000) return { ok: false, reason: 'it has expired' }
    return { ok: true, token: known.token }
  }
}

const MAX_TOKENS = 10_000

/** Under a name that can't be guessed; the oldest goes where there are too many. */
export function keep<T>(map: Map<string, T>, value: T): string {
  const name = randomName()
  map.set(name, value)
  const [oldest] = map.keys()
  if (map.size > MAX_TOKENS && oldest !== undefined) map.delete(oldest)
  return name
}

export function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
