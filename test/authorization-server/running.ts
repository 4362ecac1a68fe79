import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as oauth from 'oauth4webapi'
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  createAuthorizationServer,
} from '../../src/authorization-server/server.ts'
import type { ApiModel } from '../../src/model/api.ts'
import type { ExternalSignIn } from '../../src/server/external-sign-in.ts'
import type { PersonRecord } from '../../src/store/people.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { contentsOf, ownDatabase } from '../store/own-database.ts'
import { people, publishing } from './api-models.ts'

export const insecure = { [oauth.allowInsecureRequests]: true } as const

export interface RunningOptions extends Partial<AuthorizationServerOptions> {
  readonly databaseUrl?: string
  /** Kept as it is. Default: a folder of its own. */
  readonly dataDir?: string
  /** For load. Elsewhere every request has a connection of its own, so that none is left over from before a restart. */
  readonly keepAlive?: boolean
}

/** Where requests go, be it in this process or another. */
export type Reachable = Pick<Running, 'url' | 'publicUrl' | 'metadata'>

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** A portal reduced to its authorization server, on a free loopback port, with a person called Kim. */
export class Running {
  readonly dataDir: string
  readonly #options: Partial<AuthorizationServerOptions>
  #databaseUrl: string | undefined

  readonly #keepAlive: boolean

  constructor({ databaseUrl, dataDir, keepAlive = false, ...options }: RunningOptions = {}) {
    this.dataDir = dataDir ?? mkdtempSync(join(tmpdir(), 'sallyport-authorization-'))
    this.#keepAlive = keepAlive
    this.#options = options
    this.#databaseUrl = databaseUrl
  }

  models: readonly ApiModel[] = [people, publishing]
  /** How it is reached: what is asked of this instance goes there. */
  url = ''
  publicUrl = ''
  /** Where people sign in, if not here. */
  signInElsewhere: ExternalSignIn | undefined
  /** Other doors, by path. */
  readonly handlers = new Map<string, Handler>()
  #http: Server | undefined
  #store: Store | undefined
  #server: AuthorizationServer | undefined
  #metadata: oauth.AuthorizationServer | undefined
  /** Faults that the server reported of itself. */
  readonly faults: Error[] = []

  async start(): Promise<this> {
    const http = createServer((request, response) => void this.#answer(request, response))
    await new Promise<void>((resolve) => http.listen(Number(URL.parse(this.url)?.port ?? 0), '127.0.0.1', resolve))
    this.#http = http
    const address = http.address()
    if (typeof address !== 'object' || address === null) throw new Error('No address.')
    this.url = `http://127.0.0.1:${address.port}`
    this.publicUrl ||= this.url
    this.#databaseUrl ??= await ownDatabase()
    this.#store = await openStore({
      dataDir: this.dataDir,
      ...(this.#databaseUrl === undefined ? {} : { databaseUrl: this.#databaseUrl }),
    })
    this.#server = await createAuthorizationServer({
      publicUrl: this.publicUrl,
      store: this.#store,
      models: this.models,
      showPage: async (_, response, page) => {
        response.statusCode = page.kind === 'failure' ? page.status : 200
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify(page))
      },
      onError: (error) => this.faults.push(error),
      ...this.#options,
    })
    return this
  }

  /** The process ends and another one starts on the same data. */
  async restart(): Promise<void> {
    await this.halt()
    await this.start()
  }

  async stop(): Promise<void> {
    await this.halt()
    rmSync(this.dataDir, { recursive: true })
  }

  async halt(): Promise<void> {
    this.#http?.closeAllConnections()
    await new Promise((resolve) => this.#http?.close(resolve))
    this.server.close()
    await this.store.close()
  }

  /** All that it keeps, as it lies on the disk. */
  async contents(): Promise<string> {
    if (this.#databaseUrl !== undefined) return contentsOf(this.#databaseUrl)
    return readdirSync(this.dataDir)
      .map((name) => readFileSync(join(this.dataDir, name), 'latin1'))
      .join('')
  }

  get store(): Store {
    if (this.#store === undefined) throw new Error('Not started.')
    return this.#store
  }

  get server(): AuthorizationServer {
    if (this.#server === undefined) throw new Error('Not started.')
    return this.#server
  }

  async person(name: string, ...groups: string[]): Promise<PersonRecord> {
    const email = `${name.toLowerCase()}@example.com`
    return (
      (await this.store.people.byEmail(email)) ?? this.server.directory.add({ email, name, groups, password: name })
    )
  }

  async metadata(): Promise<oauth.AuthorizationServer> {
    if (this.#metadata === undefined) {
      const issuer = new URL(this.server.issuer)
      const response = await oauth.discoveryRequest(issuer, { ...insecure, algorithm: 'oauth2' })
      this.#metadata = await oauth.processDiscoveryResponse(issuer, response)
    }
    return this.#metadata
  }

  resource(api: string): string {
    return `${this.publicUrl}/sandbox/${api}`
  }

  /** Registers an app of Kim's, as a pipeline would. */
  async register(metadata: Record<string, oauth.JsonValue>, token: { softwareId?: string; apis?: string[] } = {}) {
    const kim = await this.person('Kim', 'staff', 'editors')
    const initialAccessToken = await this.server.mintInitialAccessToken({
      ownerId: kim.id,
      name: 'test',
      apis: [],
      expiresAt: Math.floor(Date.now() / 1000) + 60,
      ...token,
    })
    const server = await this.metadata()
    const response = await oauth.dynamicClientRegistrationRequest(
      server,
      metadata as Partial<oauth.OmitSymbolProperties<oauth.Client>>,
      {
        ...insecure,
        initialAccessToken,
      },
    )
    return oauth.processDynamicClientRegistrationResponse(response)
  }

  async clientCredentials(client: oauth.Client, secret: string, parameters: Record<string, string>) {
    const server = await this.metadata()
    const authentication = oauth.ClientSecretBasic(secret)
    const response = await oauth.clientCredentialsGrantRequest(server, client, authentication, parameters, insecure)
    return oauth.processClientCredentialsResponse(server, client, response)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#keepAlive) response.setHeader('connection', 'close')
    const path = (request.url ?? '').split('?', 1)[0] ?? ''
    const handler = this.handlers.get(path) ?? this.signInElsewhere?.handlers.get(path)
    if (handler !== undefined) return handler(request, response)
    const [, area, uid] = (request.url ?? '').split('?')[0]?.split('/') ?? []
    if (area === 'oauth' || area === '.well-known') return this.server.handle(request, response)
    if ((area === 'sign-in' || area === 'consent') && uid !== undefined) {
      const query = new URL(request.url ?? '', this.publicUrl).searchParams
      const to = await this.#interact(request, response, query)
      if (to === undefined) {
        response.end(JSON.stringify((await this.server.interaction(request, response)) ?? null))
        return
      }
      response.writeHead(303, { location: to }).end()
      return
    }
    response.writeHead(404).end()
  }

  async #interact(
    request: IncomingMessage,
    response: ServerResponse,
    query: URLSearchParams,
  ): Promise<string | undefined> {
    const [person, allow] = [query.get('person'), query.get('allow')]
    const [ticket, uid] = [query.get('ticket'), request.url?.split(/[/?]/)[2] ?? '']
    if (query.has('problem')) return `https://refused.example/?problem=${query.get('problem')}`
    if (person === 'elsewhere') return `/auth/external?uid=${uid}`
    if (ticket !== null)
      return this.server.finishSignIn(request, response, (await this.signInElsewhere?.redeem(uid, ticket)) ?? '')
    if (person !== null) return this.server.finishSignIn(request, response, person)
    if (allow !== null) return this.server.finishConsent(request, response, allow.split(' '))
    if (query.has('deny')) return this.server.deny(request, response)
    return undefined
  }
}
