import * as oauth from 'oauth4webapi'
import type { PendingInteraction } from '../../src/authorization-server/interaction.ts'
import { Browser } from './browser.ts'
import { insecure, type Reachable } from './running.ts'

export interface CodeFlow {
  readonly client: oauth.Client
  readonly authentication?: oauth.ClientAuth
  readonly redirectUri: string
  readonly parameters?: Readonly<Record<string, string>> | readonly (readonly [string, string])[]
  readonly browser?: Browser
  readonly personId: string
  /** Scopes left ticked at the consent page; none: all of them. */
  readonly allow?: readonly string[]
}

/** Authorization code with PKCE, from the app's redirect to the portal until the app holds the code. */
export async function authorize(running: Reachable, { browser = new Browser(running.publicUrl), ...flow }: CodeFlow) {
  const server = await running.metadata()
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const authorization = new URL(server.authorization_endpoint ?? '')
  const { parameters = {} } = flow
  const own = {
    client_id: flow.client.client_id,
    response_type: 'code',
    redirect_uri: flow.redirectUri,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
  }
  const more = (Array.isArray(parameters) ? parameters : Object.entries(parameters)) as [string, string][]
  authorization.search = new URLSearchParams([...Object.entries(own), ...more]).toString()
  const result = await browser.follow(authorization.href, (pending) => answer(pending, flow))
  return { ...result, server, verifier, state }
}

export async function signInAndGetTokens(running: Reachable, flow: CodeFlow) {
  const { url, seen, server, verifier, state } = await authorize(running, flow)
  const parameters = oauth.validateAuthResponse(server, flow.client, url, state)
  const authentication = flow.authentication ?? oauth.None()
  const granted = await oauth.authorizationCodeGrantRequest(
    server,
    flow.client,
    authentication,
    parameters,
    flow.redirectUri,
    verifier,
    insecure,
  )
  return { tokens: await oauth.processAuthorizationCodeResponse(server, flow.client, granted), seen }
}

export async function refresh(
  running: Reachable,
  flow: Pick<CodeFlow, 'client' | 'authentication'>,
  token: string,
  additionalParameters: Readonly<Record<string, string>> = {},
) {
  const server = await running.metadata()
  const authentication = flow.authentication ?? oauth.None()
  const response = await oauth.refreshTokenGrantRequest(server, flow.client, authentication, token, {
    ...insecure,
    additionalParameters,
  })
  return oauth.processRefreshTokenResponse(server, flow.client, response)
}

function answer(pending: PendingInteraction, { personId, allow }: Omit<CodeFlow, 'browser'>): string {
  if (pending.kind === 'sign-in') return new URLSearchParams({ person: personId }).toString()
  return new URLSearchParams({ allow: (allow ?? pending.scopes.map(({ name }) => name)).join(' ') }).toString()
}
