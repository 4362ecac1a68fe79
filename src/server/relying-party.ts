import * as oauth from 'oauth4webapi'

export interface RelyingPartyOptions {
  readonly issuer: URL
  readonly clientId: string
  /** None: a public client. */
  readonly clientSecret?: string
  readonly redirectUri: string
  readonly scope: string
  readonly http: oauth.DiscoveryRequestOptions & oauth.TokenEndpointRequestOptions
}

/** What the one who comes back has to match. */
export interface SignInAttempt {
  readonly verifier: string
  readonly state: string
  readonly nonce: string
}

export interface SignedIn {
  readonly server: oauth.AuthorizationServer
  readonly claims: oauth.IDToken
  readonly accessToken: string
}

/** An app of an OpenID provider, to which people sign in by authorization code with PKCE, state and nonce. */
export function relyingPartyAt({ issuer, clientId, clientSecret, redirectUri, scope, http }: RelyingPartyOptions) {
  const client: oauth.Client = { client_id: clientId }
  let metadata: Promise<oauth.AuthorizationServer> | undefined
  const discover = (): Promise<oauth.AuthorizationServer> => {
    metadata ??= oauth
      .discoveryRequest(issuer, { ...http, algorithm: 'oidc' })
      .then((response) => oauth.processDiscoveryResponse(issuer, response))
    // The next one tries again.
    metadata.catch(() => {
      metadata = undefined
    })
    return metadata
  }

  return {
    client,

    /** Where the browser goes. */
    async begin(): Promise<{ readonly url: URL; readonly attempt: SignInAttempt }> {
      const { authorization_endpoint: endpoint } = await discover()
      if (endpoint === undefined) throw new TypeError(`${issuer} has no authorization endpoint.`)
      const attempt = {
        verifier: oauth.generateRandomCodeVerifier(),
        state: oauth.generateRandomState(),
        nonce: oauth.generateRandomNonce(),
      }
      const parameters = {
        client_id: clientId,
        response_type: 'code',
        redirect_uri: redirectUri,
        scope,
        code_challenge: await oauth.calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
        state: attempt.state,
        nonce: attempt.nonce,
      }
      const url = new URL(endpoint)
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
      return { url, attempt }
    },

    /** @throws what oauth4webapi throws: an `AuthorizationResponseError` where the provider or the person refused */
    async complete(parameters: URLSearchParams, { verifier, state, nonce }: SignInAttempt): Promise<SignedIn> {
      const server = await discover()
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        authentication(server, clientSecret),
        oauth.validateAuthResponse(server, client, parameters, state),
        redirectUri,
        verifier,
        http,
      )
      const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
        expectedNonce: nonce,
        requireIdToken: true,
      })
      const claims = oauth.getValidatedIdTokenClaims(tokens)
      if (claims === undefined) throw new TypeError('No ID token, although it was required.')
      return { server, claims, accessToken: tokens.access_token }
    },
  }
}

function authentication(
  { token_endpoint_auth_methods_supported: methods }: oauth.AuthorizationServer,
  secret: string | undefined,
): oauth.ClientAuth {
  if (secret === undefined) return oauth.None()
  // The default where nothing is said (OpenID Connect Discovery, section 3).
  return methods?.includes('client_secret_basic') === false
    ? oauth.ClientSecretPost(secret)
    : oauth.ClientSecretBasic(secret)
}
