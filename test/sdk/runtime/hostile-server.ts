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
  grantedScopes: readonly string[] | undefined
  issuesRefreshTokens = false
  readonly tokenRequests: { readonly authorization: string | undefined; readonly parameters: URLSearchParams }[] = []
  readonly apiRequests: Request[] = []
  api: Api = (_, response) => json(response, 200, { ok: true })
  reuseDetected = false

  readonly #tokens = new Map<string, Issued>()
  readonly #refreshTokens = new Map<string, 'live' | 'used'>()
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
    const body = await text(incoming)
    if (url.pathname === '/.well-known/oauth-authorization-server')
      return json(response, 200, { issuer: this.origin, token_endpoint: `${this.origin}/token` })
    if (url.pathname === '/token') return this.#token(incoming, body, response)
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
    if (bearer !== undefined && !good) {
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
    if (answer !== undefined) return answer(response)
    const [id, secret] = credentials(incoming.headers.authorization, parameters)
    if (id !== this.client.id || secret !== this.client.secret)
      return oauthError(response, 401, { error: 'invalid_client', error_description: `bad secret: ${secret}` })
    if (parameters.get('grant_type') === 'refresh_token') {
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
    const scopes = this.grantedScopes ?? (parameters.get('scope') ?? '').split(' ').filter((scope) => scope !== '')
    const rotates = this.issuesRefreshTokens || parameters.get('grant_type') === 'refresh_token'
    json(response, 200, {
      access_token: this.issueAccessToken(scopes),
      token_type: 'bearer',
      ...(this.expiresIn !== undefined && { expires_in: this.expiresIn }),
      ...(this.grantedScopes !== undefined && { scope: scopes.join(' ') }),
      ...(rotates && { refresh_token: this.issueRefreshToken() }),
    })
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
