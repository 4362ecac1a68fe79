import { ConfigurationError } from '../errors.ts'
import type { TokenSet } from '../tokens.ts'
import { clientCredentials } from './client-credentials.ts'
import type { Auth, GrantOptions } from './options.ts'
import { refreshToken } from './refresh-token.ts'
import { suppliedToken, type TokenSupply } from './supplied-token.ts'

/** The short way to say how a client gets its tokens. */
export interface CredentialOptions extends Partial<GrantOptions> {
  /** In the place of a client's credentials: an access token, a set of tokens, or a function that gives one. */
  readonly token?: string | TokenSet | TokenSupply | undefined
  /** Another way to get tokens, made by a function of this package's `/auth`. */
  readonly auth?: Auth | undefined
}

/** Undefined: the client calls without a token. */
export function authOf({ auth, token, ...options }: CredentialOptions): Auth | undefined {
  if (auth !== undefined) return auth
  const { clientId, clientSecret, clientAuthentication } = options
  if (typeof token === 'string' || typeof token === 'function') return suppliedToken(token)
  if (token !== undefined) {
    if (clientId !== undefined) return refreshToken({ ...options, clientId, tokens: token })
    if (token.refreshToken === undefined) return suppliedToken(token.accessToken)
    throw new ConfigurationError('To refresh tokens, the client needs a clientId')
  }
  if (clientId === undefined && clientSecret === undefined) return undefined
  if (clientSecret === undefined && clientAuthentication === undefined)
    throw new ConfigurationError(
      'The client has a clientId and no clientSecret: give one, or a `token`, or `auth` for a person to sign in',
    )
  return clientCredentials({ ...options, clientId })
}
