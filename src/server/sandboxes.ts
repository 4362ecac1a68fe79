import type { IncomingMessage } from 'node:http'
import type { AuthorizationServer } from '../authorization-server/server.ts'
import type { ApiModel } from '../model/api.ts'
import { asSeenBy, audienceKey } from '../model/as-seen.ts'
import { resourceOf } from '../model/audience.ts'
import { bearerToken } from '../sandbox/caller.ts'
import { createSandbox } from '../sandbox/engine.ts'
import { nodeHandler } from '../sandbox/node.ts'
import type { SeedFile } from '../spec/seed-file.ts'
import type { CallCounts } from './call-counts.ts'
import type { SpecCatalog } from './catalog.ts'
import type { CounselOf } from './counsel.ts'
import type { Handler } from './dispatch.ts'
import { sendProblem } from './headers.ts'
import type { LastCalls } from './last-calls.ts'
import type { Log } from './log.ts'
import { resourceMetadataUrl } from './protected-resource.ts'
import type { Readers } from './readers.ts'

/** The same answers after every start: what the sandbox makes up depends on this. */
const SEED = 1

export interface SandboxesOptions {
  readonly publicUrl: string
  readonly catalog: SpecCatalog
  readonly readers: Readers
  readonly verify: AuthorizationServer['verify']
  readonly counselOf: CounselOf
  /** Whose request it is, whatever proxies are in between. */
  readonly address: (request: IncomingMessage) => string | undefined
  readonly lastCalls: LastCalls
  readonly callCounts: CallCounts
  readonly log: Log
}

/** The sandbox of each API, made when it is first called; a changed document gets a new one. */
export class Sandboxes {
  readonly #options: SandboxesOptions
  readonly #handlers = new WeakMap<ApiModel, Handler>()
  /** By API: ends what of its sandbox goes on by itself. */
  readonly #endings = new Map<string, AbortController>()

  constructor(options: SandboxesOptions) {
    this.#options = options
  }

  /** What isn't there, and what the caller may not know of, are the same 404. */
  handler(api: string): Handler {
    const compiled = this.#options.catalog.compiled(api)
    if (compiled === undefined) return absent
    const known = this.#handlers.get(compiled.model)
    if (known !== undefined) return known
    const handler = this.#make(api, compiled)
    this.#handlers.set(compiled.model, handler)
    return handler
  }

  /** Ends whatever would keep the server from stopping. */
  hangUp(): void {
    for (const ending of this.#endings.values()) ending.abort()
  }

  #make(api: string, compiled: { readonly model: ApiModel; readonly seed: SeedFile }): Handler {
    const { publicUrl, readers, verify, counselOf, address, lastCalls, callCounts, log } = this.#options
    const { model } = compiled
    const audience = resourceOf(publicUrl, api)
    // Whoever follows the log of the one before is to follow this one's.
    this.#endings.get(api)?.abort()
    const ending = new AbortController()
    this.#endings.set(api, ending)
    /** As the app that calls may see it: by its owner's eyes. */
    const seenBy = async (clientId: string | undefined): Promise<ApiModel | undefined> =>
      asSeenBy(model, clientId === undefined ? undefined : await readers.ofApp(clientId))
    const sandbox = createSandbox({
      model,
      ...(audienceKey(model) !== '' && { visibleTo: async (clientId) => (await seenBy(clientId))?.operations ?? [] }),
      basePath: new URL(audience).pathname,
      verify: (token) => verify(token, audience),
      clock: Date.now,
      seed: SEED,
      data: compiled.seed,
      audience,
      ending: ending.signal,
      resourceMetadata: resourceMetadataUrl(publicUrl, api),
      counsel: counselOf(model, audience),
      report: ({ where, detail }) => log.warn({ api, where, detail }, 'the sandbox met a fault of the document'),
      observe: ({ at, clientId, method, path, status, operation, error }) => {
        callCounts.record({ at, api, clientId: clientId ?? '', operation: operation ?? '', status })
        if (error !== undefined) log.error({ err: error, api, method, path }, 'the sandbox failed')
        if (clientId !== undefined) lastCalls.record(clientId, { at: Math.floor(at / 1000), api, method, path, status })
      },
    })
    const handler = nodeHandler(sandbox, address)
    if (model.visibility === 'public') return handler
    return async (request, response) => {
      const token = bearerToken(request.headers.authorization)
      const verification = token === undefined ? undefined : await verify(token, audience)
      // With an expired token, too: the sandbox says 401, and the app gets another.
      const seen = await seenBy(verification?.ok === true ? verification.token.clientId : verification?.clientId)
      return seen === undefined ? absent(request, response) : handler(request, response)
    }
  }
}

/** A browser's preflight carries no token, so it gets the same answer whatever there is. */
const absent: Handler = (request, response) => {
  const { 'access-control-request-method': method, 'access-control-request-headers': headers } = request.headers
  response.setHeader('Access-Control-Allow-Origin', '*')
  if (request.method !== 'OPTIONS' || method === undefined)
    return sendProblem(response, 404, 'Not Found', 'There is no such API.')
  response.setHeader('Access-Control-Allow-Methods', method)
  if (headers !== undefined) response.setHeader('Access-Control-Allow-Headers', headers)
  response.statusCode = 204
  response.end()
}
