import { type Answer, type Call, readForm } from './call.ts'
import type { Verify } from './caller.ts'
import { problem } from './problem.ts'
import { type Grant, type Issued, keep, LIFETIME, randomName, Tokens } from './tokens.ts'

/** An app that may get tokens. Without a secret it is a public client. */
export interface App {
  readonly clientId: string
  readonly clientSecret?: string
  /** Compared as they are (RFC 9700 section 2.1). */
  readonly redirectUris: readonly string[]
  readonly scopes: readonly string[]
}

export interface AuthorizationServerOptions {
  /** URL; `${issuer}/token` and so on are its endpoints. */
  readonly issuer: string
  /** The one `resource` that tokens are for (RFC 8707); any will do where it isn't given. */
  readonly audience?: string
  /** Those of the API. */
  readonly scopes: readonly string[]
  /** Milliseconds since the epoch. */
  readonly clock: () => number
}

interface Code {
  readonly grant: Grant
  readonly redirectUri: string
  readonly challenge: string
  readonly expiresAt: number
  used: boolean
}

/** Seconds (RFC 6749 section 4.1.2). */
const CODE_LIFETIME = 60
const MAX_FORM = 16_384

/**
 * An authorization server in memory, for a sandbox that stands alone: client credentials, authorization code with PKCE,
 * refresh tokens that are used once, revocation, and the metadata to find it by. There is no page to sign in at: whoever
 * `login_hint` names is signed in and consents.
 */
export class AuthorizationServer {
  readonly #options: AuthorizationServerOptions
  readonly #tokens: Tokens
  readonly #apps = new Map<string, App>()
  readonly #codes = new Map<string, Code>()

  constructor(options: AuthorizationServerOptions) {
    this.#options = options
    this.#tokens = new Tokens(options.clock)
  }

  get verify(): Verify {
    return this.#tokens.verify
  }

  /** An app with these scopes, of the API's all unless given. A secret is made up, unless it is to be a public client. */
  register(app: Partial<App> & { readonly public?: boolean } = {}): App {
    const secret = app.public === true ? undefined : (app.clientSecret ?? randomName())
    const registered: App = {
      clientId: app.clientId ?? randomName().slice(0, 12),
      redirectUris: app.redirectUris ?? [],
      scopes: app.scopes ?? this.#options.scopes,
      ...(secret === undefined ? {} : { clientSecret: secret }),
    }
    this.#apps.set(registered.clientId, registered)
    return registered
  }

  /** A token with these scopes, without asking anyone. */
  issue(scopes: readonly string[], issued?: Issued): string {
    return this.#tokens.issue(scopes, issued)
  }

  revoke(token: string): void {
    this.#tokens.revoke(token)
  }

  metadata(): Readonly<Record<string, unknown>> {
    const { issuer, scopes } = this.#options
    const methods = ['client_secret_basic', 'client_secret_post', 'none']
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      revocation_endpoint: `${issuer}/revoke`,
      scopes_supported: scopes,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token'],
      token_endpoint_auth_methods_supported: methods,
      revocation_endpoint_auth_methods_supported: methods,
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    }
  }

  /** @param path below the issuer: `/token` */
  async handle(call: Call, path: string): Promise<Answer> {
    switch (`${call.method} ${path}`) {
      case 'GET /.well-known/openid-configuration':
        return json(200, this.metadata())
      case 'GET /authorize':
        return this.#authorize(new URLSearchParams(call.query))
      case 'POST /token':
        return this.#withClient(call, (form, app) => this.#token(form, app))
      case 'POST /revoke':
        return this.#withClient(call, async (form, app) => {
          this.#tokens.revoke(form.get('token') ?? '', app.clientId)
          return { status: 200, headers: {} }
        })
      default:
        return problem(404, 'The authorization server of this sandbox has no such endpoint.')
    }
  }

  /** Where an authorization request leads (RFC 6749 section 4.1.2), for a page that can't follow a redirect itself. */
  authorize(url: string): URL | undefined {
    const { headers } = this.#authorize(new URL(url).searchParams)
    return headers.location === undefined ? undefined : new URL(headers.location)
  }

  #authorize(query: URLSearchParams): Answer {
    const app = this.#apps.get(query.get('client_id') ?? '')
    if (app === undefined) return problem(400, 'client_id: no such app is registered here.')
    const redirectUri = query.get('redirect_uri') ?? ''
    // To an address that isn't the app's nothing may be sent, errors included.
    if (!app.redirectUris.includes(redirectUri))
      return problem(400, 'redirect_uri: the app has not registered this one.')
    const answer = (members: Readonly<Record<string, string>>): Answer => {
      const location = new URL(redirectUri)
      const state = query.get('state')
      const all = { ...members, ...(state === null ? {} : { state }), iss: this.#options.issuer }
      for (const [name, value] of Object.entries(all)) location.searchParams.set(name, value)
      return { status: 302, headers: { location: location.href } }
    }
    const refuse = (error: string, error_description: string): Answer => answer({ error, error_description })
    if (query.get('response_type') !== 'code') return refuse('unsupported_response_type', 'response_type takes code')
    const challenge = query.get('code_challenge') ?? ''
    if (query.get('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge))
      return refuse('invalid_request', 'PKCE is needed: code_challenge with the method S256 (RFC 7636)')
    const asked = this.#asked(query, app.scopes)
    if ('error' in asked) return refuse(asked.error, asked.detail)
    const sub = query.get('login_hint') ?? 'someone'
    const grant: Grant = { clientId: app.clientId, sub, scopes: asked.scopes, revoked: false }
    const expiresAt = this.#options.clock() / 1000 + CODE_LIFETIME
    return answer({ code: keep(this.#codes, { grant, redirectUri, challenge, expiresAt, used: false }) })
  }

  async #token(form: URLSearchParams, app: App): Promise<Answer> {
    switch (form.get('grant_type')) {
      case 'client_credentials': {
        if (app.clientSecret === undefined) return refusal('unauthorized_client', 'a public client has no credentials')
        const asked = this.#asked(form, app.scopes)
        if ('error' in asked) return refusal(asked.error, asked.detail)
        const grant: Grant = { clientId: app.clientId, scopes: asked.scopes, revoked: false }
        return this.#grant(grant, grant.scopes, false)
      }
      case 'authorization_code': {
        const code = this.#codes.get(form.get('code') ?? '')
        if (code === undefined || code.grant.clientId !== app.clientId) return refusal('invalid_grant', 'no such code')
        // A second use: someone else has it, too (RFC 6749 section 4.1.2).
        if (code.used) code.grant.revoked = true
        if (code.used || code.expiresAt <= this.#options.clock() / 1000)
          return refusal('invalid_grant', 'the code was used or has expired')
        code.used = true
        if (form.get('redirect_uri') !== code.redirectUri) return refusal('invalid_grant', 'another redirect_uri')
        if ((await sha256(form.get('code_verifier') ?? '')) !== code.challenge)
          return refusal('invalid_grant', 'code_verifier does not fit the challenge')
        return this.#grant(code.grant, code.grant.scopes, true)
      }
      case 'refresh_token': {
        const redeemed = this.#tokens.redeem(form.get('refresh_token') ?? '', app.clientId)
        if (redeemed === undefined)
          return refusal('invalid_grant', 'the refresh token is not known, was used or revoked')
        const asked = this.#asked(form, redeemed.scopes)
        if ('error' in asked) return refusal(asked.error, asked.detail)
        return this.#grant(redeemed.grant, asked.scopes, true)
      }
      default:
        return refusal(
          'unsupported_grant_type',
          'grant_type takes client_credentials, authorization_code, refresh_token',
        )
    }
  }

  #grant(grant: Grant, scopes: readonly string[], refreshable: boolean): Answer {
    return json(200, {
      access_token: this.#tokens.access(grant, scopes, LIFETIME),
      token_type: 'Bearer',
      expires_in: LIFETIME,
      scope: scopes.join(' '),
      ...(refreshable ? { refresh_token: this.#tokens.refresh(grant, scopes) } : {}),
    })
  }

  /** The scopes that a request asks for, of those it may; without `scope`, all of these. */
  #asked(
    parameters: URLSearchParams,
    allowed: readonly string[],
  ): { readonly scopes: readonly string[] } | { readonly error: string; readonly detail: string } {
    const { audience } = this.#options
    const resource = parameters.get('resource')
    if (resource !== null && audience !== undefined && resource !== audience)
      return { error: 'invalid_target', detail: `resource takes ${audience}` }
    const scopes = (parameters.get('scope') ?? '').split(' ').filter((scope) => scope !== '')
    const foreign = scopes.find((scope) => !allowed.includes(scope))
    if (foreign !== undefined) return { error: 'invalid_scope', detail: 'a scope that this app may not have' }
    return { scopes: scopes.length === 0 ? allowed : [...new Set(scopes)] }
  }

  /** RFC 6749 section 2.3. */
  async #withClient(call: Call, answer: (form: URLSearchParams, app: App) => Promise<Answer>): Promise<Answer> {
    const form = await readForm(call, MAX_FORM)
    if (form === undefined) return refusal('invalid_request', 'the body must be a form')
    const basic = basicCredentials(call.header('authorization'))
    const app = this.#apps.get(basic?.id ?? form.get('client_id') ?? '')
    const secret = basic?.secret ?? form.get('client_secret') ?? undefined
    if (app === undefined || !(await sameSecret(app.clientSecret, secret))) {
      const { status, headers, body = '' } = refusal('invalid_client', 'the app is not known, or its secret is wrong')
      const challenge = { 'www-authenticate': 'Basic realm="sandbox"' }
      return { status: basic === undefined ? status : 401, headers: { ...headers, ...(basic ? challenge : {}) }, body }
    }
    return answer(form, app)
  }
}

/** RFC 6749 section 5.2. */
function refusal(error: string, error_description: string): Answer {
  return json(error === 'invalid_client' ? 401 : 400, { error, error_description })
}

function json(status: number, body: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json', pragma: 'no-cache' }, body: JSON.stringify(body) }
}

function basicCredentials(authorization: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^basic +([\w+/]+=*)$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  try {
    const text = atob(encoded)
    const colon = text.indexOf(':')
    const part = (value: string): string => decodeURIComponent(value.replaceAll('+', ' '))
    return colon < 0 ? undefined : { id: part(text.slice(0, colon)), secret: part(text.slice(colon + 1)) }
  } catch (error) {
    if (error instanceof DOMException || error instanceof URIError) return undefined
    throw error
  }
}

/** By their digests, so that the time it takes tells nothing. */
async function sameSecret(expected: string | undefined, given: string | undefined): Promise<boolean> {
  if (expected === undefined || given === undefined) return expected === given
  return (await sha256(expected)) === (await sha256(given))
}

/** base64url, as PKCE has it (RFC 7636 section 4.2). */
async function sha256(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return btoa(String.fromCharCode(...digest))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
