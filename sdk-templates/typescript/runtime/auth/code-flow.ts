import * as oauth from 'oauth4webapi'
import { AuthenticationError, ConfigurationError } from '../errors.ts'
import type { AuthorizationServer, Party, TokenResponse } from './authorization-server.ts'

/** What has to be remembered while a person is away to sign in. */
export interface Departure {
  readonly redirectUri: string
  readonly verifier: string
  readonly state: string
  readonly nonce: string
  readonly scopes: readonly string[]
}

/** An authorization request with PKCE (RFC 6749 section 4.1, RFC 7636). */
export async function depart(
  server: AuthorizationServer,
  scopes: readonly string[],
  redirectUri: string,
): Promise<{ readonly url: URL; readonly departure: Departure }> {
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const nonce = oauth.generateRandomNonce()
  const challenge = await oauth.calculatePKCECodeChallenge(verifier)
  return server.request(async ({ server: at, client }) => {
    if (at.authorization_endpoint === undefined)
      throw new ConfigurationError('The authorization server has no authorization endpoint: name its issuer')
    const url = new URL(at.authorization_endpoint)
    const parameters = server.parameters(scopes)
    parameters.set('response_type', 'code')
    parameters.set('client_id', client.client_id)
    parameters.set('redirect_uri', redirectUri)
    parameters.set('code_challenge', challenge)
    parameters.set('code_challenge_method', 'S256')
    parameters.set('state', state)
    if (scopes.includes('openid')) parameters.set('nonce', nonce)
    for (const [name, value] of parameters) url.searchParams.set(name, value)
    return { url, departure: { redirectUri, verifier, state, nonce, scopes } }
  })
}

/** Changes the code that the person came back with for tokens, if it is an answer to that request (RFC 9207 too). */
export async function arrive(server: AuthorizationServer, url: URL, departure: Departure): Promise<TokenResponse> {
  const { redirectUri, verifier, state, nonce, scopes } = departure
  const parameters = await server.request(async (party) => validated(party, url, state))
  const code = parameters.get('code') ?? ''
  const request = server.resource()
  request.set('grant_type', 'authorization_code')
  request.set('code', code)
  request.set('redirect_uri', redirectUri)
  request.set('code_verifier', verifier)
  return server.token(request, {
    secrets: [code, verifier],
    read: ({ server: at, client }, response) =>
      oauth.processAuthorizationCodeResponse(at, client, response, {
        expectedNonce: scopes.includes('openid') ? nonce : oauth.expectNoNonce,
      }),
  })
}

function validated({ server, client }: Party, url: URL, state: string): URLSearchParams {
  try {
    return oauth.validateAuthResponse(server, client, url, state)
  } catch (error) {
    if (!(error instanceof oauth.AuthorizationResponseError)) throw error
    const { error: code, error_description: words } = error
    const [link, scope] = ['error_uri', 'scope'].map((name) => error.cause.get(name) ?? undefined)
    throw new AuthenticationError(`The sign-in failed (${code})${words ? `: ${words}` : ''}`, { code, link, scope })
  }
}
