import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

interface Issued {
  readonly scopes: readonly string[]
  readonly expiresAt: number
  revoked: boolean
}

export interface Request {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** Of the bearer token, where it is good. */
  readonly scopes: readonly string[] | undefined
}

type Api = (request: Request, response: ServerResponse) => unknown

/**
 * An authorization server and an API, written from the RFCs alone and without mercy: the SDK's runtime shares no code with
 * it. Rotates refresh tokens and revokes the whole family when one is used twice.
 */
export class HostileServer {
  readonly client = { id: 'robot:1', secret: 's3cret/with+odd=chars&%' }
  expiresIn: number | undefined = 3600
  /** Milliseconds. */
  tokenDelay = 0
  /** Answers in the place of the token endpoint, as long as there are any. */
  tokenAnswers: ((response: ServerResponse) => void)[] = []
  deviceAnswers: ((response: ServerResponse) => void)[] = []
  grantedScopes: readonly string[] | undefined
  issuesRefreshTokens = false
  /** Milliseconds by which its clock is ahead of everyone else's. */
  skew = 0
  /** What a person does with a request for their consent. */
  person: 'agrees' | 'refuses' = 'agrees'
  /** Of a client that signs who it is. */
  clientKey: CryptoKey | undefined
  readonly revoked: string[] = []
  /** The API answers when it is kept, by what it saw before. */
  hold: Promise<void> | undefined
  readonly tokenRequests: { readonly authorization: string | undefined; readonly parameters: URLSearchParams }[] = []
  readonly apiRequests: Request[] = []
  api: Api = (_, response) => json(response, 200, { ok: true })
  reuseDetected = false

  readonly #tokens = new Map<string, Issued>()
  readonly #refreshTokens = new Map<string, 'live' | 'used'>()
  readonly #codes = new Map<string, URLSearchParams>()
  readonly #devices = new Map<string, URLSearchParams>()
  readonly #server: Server
  #count = 0

  constructor() {
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => response.destroy(error as Error))
    })
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return this
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  revokeAll(): void {
    for (const token of this.#tokens.values()) token.revoked = true
  }

  issueRefreshToken(): string {
    const token = `refresh-${++this.#count}-${'r'.repeat(20)}`
    this.#refreshTokens.set(token, 'live')
    return token
  }

  issueAccessToken(scopes: readonly string[]): string {
    const token = `access-${++this.#count}-${'a'.repeat(20)}`
    const expiresAt = Date.now() + (this.expiresIn ?? 3600) * 1000
    this.#tokens.set(token, { scopes, expiresAt, revoked: false })
    return token
  }

  async #handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', this.origin)
    response.setHeader('date', new Date(Date.now() + this.skew).toUTCString())
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', 'authorization, content-type')
    if (incoming.method === 'OPTIONS') return void response.writeHead(204).end()
    const body = await text(incoming)
    if (url.pathname === '/.well-known/oauth-authorization-server') return json(response, 200, this.#metadata())
    if (url.pathname === '/token') return this.#token(incoming, body, response)
    if (url.pathname === '/authorize') return this.#authorize(url.searchParams, response)
    if (url.pathname === '/device') return this.#device(new URLSearchParams(body), response)
    if (url.pathname === '/revoke') {
      this.revoked.push(new URLSearchParams(body).get('token') ?? '')
      return void response.writeHead(200).end()
    }
    const bearer = /^Bearer (.+)$/.exec(incoming.headers.authorization ?? '')?.[1]
    const token = bearer === undefined ? undefined : this.#tokens.get(bearer)
    const good = token !== undefined && !token.revoked && token.expiresAt > Date.now()
    const { method = 'GET', headers } = incoming
    const request = {
      method,
      path: url.pathname,
      query: url.searchParams,
      headers,
      body,
      scopes: good ? token.scopes : undefined,
    }
    this.apiRequests.push(request)
    const late = this.hold !== undefined
    await this.hold
    if (bearer !== undefined && (!good || (late && token.revoked))) {
      response.setHeader('www-authenticate', 'Bearer error="invalid_token"')
      return json(response, 401, { title: 'No', detail: `what is this: ${bearer}` })
    }
    await this.api(request, response)
  }

  async #token(incoming: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
    const parameters = new URLSearchParams(body)
    this.tokenRequests.push({ authorization: incoming.headers.authorization, parameters })
    if (this.tokenDelay > 0) await new Promise((resolve) => setTimeout(resolve, this.tokenDelay))
    const answer = this.tokenAnswers.shift()
    if (answer !== undefined) return void answer(response)
    const grantType = parameters.get('grant_type')
    const [id, secret] = credentials(incoming.headers.authorization, parameters)
    const ofPerson = grantType !== 'client_credentials' && secret === null && id === this.client.id
    const proven = secret === this.client.secret && id === this.client.id
    if (!ofPerson && !proven && !(await this.#signed(parameters)))
      return oauthError(response, 401, { error: 'invalid_client', error_description: `bad secret: ${secret}` })
    const asked = this.#asked(parameters)
    if (typeof asked === 'string') return oauthError(response, 400, { error: asked })
    if (grantType === 'refresh_token') {
      const used = parameters.get('refresh_token') ?? ''
      if (this.#refreshTokens.get(used) === 'used') {
        this.reuseDetected = true
        this.#refreshTokens.clear()
        this.revokeAll()
      }
      if (parameters.has('scope') || this.#refreshTokens.get(used) !== 'live')
        return oauthError(response, 400, { error: 'invalid_grant', error_description: `no such token: ${used}` })
      this.#refreshTokens.set(used, 'used')
    }
    const scopes = this.grantedScopes ?? (asked.get('scope') ?? '').split(' ').filter((scope) => scope !== '')
    const rotates = this.issuesRefreshTokens || grantType !== 'client_credentials'
    json(response, 200, {
      access_token: this.issueAccessToken(scopes),
      token_type: 'bearer',
      ...(this.expiresIn !== undefined && { expires_in: this.expiresIn }),
      ...(this.grantedScopes !== undefined && { scope: scopes.join(' ') }),
      ...(rotates && { refresh_token: this.issueRefreshToken() }),
    })
  }

  #metadata(): object {
    const { origin } = this
    return {
      issuer: origin,
      token_endpoint: `${origin}/token`,
      authorization_endpoint: `${origin}/authorize`,
      device_authorization_endpoint: `${origin}/device`,
      revocation_endpoint: `${origin}/revoke`,
      authorization_response_iss_parameter_supported: true,
    }
  }

  /** RFC 6749 section 4.1, with nobody to look at a page: the person has made up their mind. */
  #authorize(query: URLSearchParams, response: ServerResponse): void {
    const back = new URL(query.get('redirect_uri') ?? '')
    back.searchParams.set('state', query.get('state') ?? '')
    back.searchParams.set('iss', this.origin)
    if (this.person === 'refuses') back.searchParams.set('error', 'access_denied')
    else {
      const code = `code-${++this.#count}-${'c'.repeat(20)}`
      this.#codes.set(code, query)
      back.searchParams.set('code', code)
    }
    response.writeHead(302, { location: back.href }).end()
  }

  /** RFC 8628 section 3.2. */
  #device(parameters: URLSearchParams, response: ServerResponse): void {
    const answer = this.deviceAnswers.shift()
    if (answer !== undefined) return void answer(response)
    const code = `device-${++this.#count}-${'d'.repeat(20)}`
    this.#devices.set(code, parameters)
    json(response, 200, {
      device_code: code,
      user_code: 'WDJB-MJHT',
      verification_uri: `${this.origin}/activate`,
      expires_in: 600,
      interval: 0.01,
    })
  }

  /** The request that tokens are asked for with: of a code, the one that it answers. An error's code if it is none. */
  #asked(parameters: URLSearchParams): URLSearchParams | string {
    switch (parameters.get('grant_type')) {
      case 'authorization_code': {
        const code = parameters.get('code') ?? ''
        const asked = this.#codes.get(code)
        this.#codes.delete(code)
        const proof = createHash('sha256')
          .update(parameters.get('code_verifier') ?? '')
          .digest('base64url')
        const same = asked?.get('redirect_uri') === parameters.get('redirect_uri')
        return asked !== undefined && same && asked.get('code_challenge') === proof ? asked : 'invalid_grant'
      }
      case 'urn:ietf:params:oauth:grant-type:device_code': {
        if (this.person === 'refuses') return 'access_denied'
        return this.#devices.get(parameters.get('device_code') ?? '') ?? 'expired_token'
      }
      default:
        return parameters
    }
  }

  /** RFC 7523 section 3, as much of it as tells a good assertion from another. */
  async #signed(parameters: URLSearchParams): Promise<boolean> {
    const [header = '', payload = '', signature = ''] = (parameters.get('client_assertion') ?? '').split('.')
    if (this.clientKey === undefined || signature === '') return false
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
      readonly iss?: unknown
      readonly aud?: unknown
    }
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
    const data = Buffer.from(`${header}.${payload}`)
    const good = await crypto.subtle.verify(algorithm, this.clientKey, Buffer.from(signature, 'base64url'), data)
    return good && claims.iss === this.client.id && [claims.aud].flat().includes(this.origin)
  }
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'content-type': status < 400 ? 'application/json' : 'application/problem+json',
    'x-request-id': 'req-1',
  })
  response.end(JSON.stringify(body))
}

/** RFC 6749 section 5.2. */
export function oauthError(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

/** RFC 6749 section 2.3.1: form-encoded within Basic. */
function credentials(authorization: string | undefined, parameters: URLSearchParams): (string | null)[] {
  if (authorization === undefined) return [parameters.get('client_id'), parameters.get('client_secret')]
  const [id = '', secret = ''] = Buffer.from(authorization.replace(/^Basic /, ''), 'base64')
    .toString()
    .split(':')
  return [id, secret].map((part) => decodeURIComponent(part.replaceAll('+', ' ')))
}
