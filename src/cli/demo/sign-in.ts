import * as oauth from 'oauth4webapi'
import { CommandError } from '../command-error.ts'
import { HeadlessBrowser } from './browser.ts'

export interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string
  readonly scope: string
}

const http = { [oauth.allowInsecureRequests]: true }

/** The desktop app's sign-in: authorization code with PKCE, by a person whose password the demo knows. */
export async function signIn(
  server: oauth.AuthorizationServer,
  clientId: string,
  resource: string,
  person: { readonly email: string; readonly password: string },
): Promise<Tokens> {
  const client: oauth.Client = { client_id: clientId }
  const redirectUri = 'http://127.0.0.1:49152/callback'
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const authorize = new URL(server.authorization_endpoint ?? '')
  authorize.search = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'api:read api:write',
    resource,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
  }).toString()
  const browser = new HeadlessBrowser(authorize.origin)
  let page = await browser.visit(authorize.href)
  // First the sign-in page, then the consent page, which a native app shows every time (RFC 8252 section 8.6).
  for (const form of [{ ...person }, { answer: 'allow' }])
    if (page.response !== undefined) page = await browser.visit(page.url.href, new URLSearchParams(form))
  if (page.response !== undefined)
    throw new CommandError(
      `${person.email} could not sign in: the portal answered ${page.response.status} at ${page.url.pathname}.`,
    )
  const parameters = oauth.validateAuthResponse(server, client, page.url, state)
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    redirectUri,
    verifier,
    http,
  )
  return tokens(await oauth.processAuthorizationCodeResponse(server, client, response))
}

export async function refresh(
  server: oauth.AuthorizationServer,
  clientId: string,
  refreshToken: string,
): Promise<Tokens> {
  const client: oauth.Client = { client_id: clientId }
  const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, http)
  return tokens(await oauth.processRefreshTokenResponse(server, client, response))
}

function tokens({ access_token, refresh_token, scope }: oauth.TokenEndpointResponse): Tokens {
  return { accessToken: access_token, refreshToken: refresh_token ?? '', scope: scope ?? '' }
}
