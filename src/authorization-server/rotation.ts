import { createHmac } from 'node:crypto'
import { Provider } from 'oidc-provider'

/**
 * How refresh tokens follow one another. The next one is computed from the last, with a key that only the server has: a client
 * that lost the response and asks again, on whatever instance, gets the same successor, and nobody has to keep one in the clear.
 */
export interface Rotation {
  /** Seconds in which a refresh token may be used again, for the same successor: 0 to 60. */
  readonly grace: number
  readonly key: string
}

export const DEFAULT_GRACE = 30

export function successorOf(token: string, { key }: Pick<Rotation, 'key'>): string {
  return createHmac('sha256', key).update(token).digest('base64url')
}

/** Makes the library name a rotated token after the one that it replaces. */
export function nameSuccessors(provider: Provider, rotation: Rotation): void {
  const prototype = provider.RefreshToken.prototype as unknown as { generateTokenId(): string }
  const random = prototype.generateTokenId
  prototype.generateTokenId = function () {
    const rotated = Provider.ctx?.oidc.entities.RotatedRefreshToken
    return rotated === undefined ? random.call(this) : successorOf(rotated.jti, rotation)
  }
}
