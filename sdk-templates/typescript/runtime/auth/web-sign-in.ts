import { AuthenticationError, ConfigurationError } from '../errors.ts'
import { type Needs, transport } from '../grants.ts'
import type { TokenSet } from '../tokens.ts'
import { arrive, type Departure, depart } from './code-flow.ts'
import { GrantedTokens } from './granted-tokens.ts'

/** Where a person goes to sign in, and what their session keeps until they are back. It is secret, and good for once. */
export interface SignInStart {
  readonly url: string
  readonly pending: string
}

/**
 * For a web application on a server, where many people sign in (authorization code with PKCE): redirect the person to `url`.
 *
 * @param client of the application, made with its `clientId` and `clientSecret`
 * @param redirectUri as it was registered
 */
export async function startSignIn(client: Needs<never>, redirectUri: string): Promise<SignInStart> {
  const { server, scopes = [] } = tokensOf(client)
  const { url, departure } = await depart(server, scopes, redirectUri)
  return { url: url.href, pending: JSON.stringify(departure) }
}

/**
 * The person's tokens, for their session: a client takes them as `token`.
 *
 * @param url that the person came back to, with its query
 * @param pending of their session
 */
export async function finishSignIn(
  client: Needs<never>,
  url: string | URL,
  pending: string | undefined,
): Promise<TokenSet> {
  const { server } = tokensOf(client)
  if (pending === undefined) throw new AuthenticationError('Nobody is signing in here')
  const { expiresIn, ...tokens } = await arrive(server, new URL(url), JSON.parse(pending) as Departure)
  return { ...tokens, ...(expiresIn !== undefined && { expiresAt: Date.now() + expiresIn * 1_000 }) }
}

function tokensOf(client: Needs<never>): GrantedTokens {
  const { tokens } = client[transport]
  if (tokens instanceof GrantedTokens) return tokens
  throw new ConfigurationError('To sign people in, the client needs a clientId')
}
