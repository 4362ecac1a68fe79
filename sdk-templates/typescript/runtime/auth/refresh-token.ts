import { AuthenticationError } from '../errors.ts'
import type { TokenSet } from '../tokens.ts'
import { granted } from './auth.ts'
import type { AuthorizationServer, TokenResponse } from './authorization-server.ts'
import type { Auth, GrantOptions } from './options.ts'

/** Tokens that a person's sign-in gave elsewhere, replaced while their refresh token is good. */
export function refreshToken({ tokens, ...options }: GrantOptions & { readonly tokens: TokenSet }): Auth {
  const begin = (): Promise<never> =>
    Promise.reject(new AuthenticationError('The tokens are spent: somebody has to sign in again'))
  return granted(options, { ofPerson: true, begin, refresh }, tokens)
}

/** RFC 6749 section 6, without `scope`, which some servers refuse here: what was granted stays granted. */
export function refresh(server: AuthorizationServer, token: string): Promise<TokenResponse> {
  const parameters = server.resource()
  parameters.set('grant_type', 'refresh_token')
  parameters.set('refresh_token', token)
  return server.token(parameters, { secrets: [token] })
}
