import type { AuthorizationServer } from '../authorization-server/server.ts'
import type { ApiModel } from '../model/api.ts'
import { createSandbox } from '../sandbox/engine.ts'
import { nodeHandler } from '../sandbox/node.ts'
import type { SpecCatalog } from './catalog.ts'
import type { Handler } from './dispatch.ts'
import { helpLink } from './help-link.ts'
import type { LastCalls } from './last-calls.ts'
import type { Log } from './log.ts'
import { resourceMetadataUrl, resourceOf } from './protected-resource.ts'

/** The same answers after every start: what the sandbox makes up depends on this. */
const SEED = 1

export interface SandboxesOptions {
  readonly publicUrl: string
  readonly catalog: SpecCatalog
  readonly verify: AuthorizationServer['verify']
  readonly lastCalls: LastCalls
  readonly log: Log
}

/** The sandbox of each API, made when it is first called; a changed document gets a new one. */
export class Sandboxes {
  readonly #options: SandboxesOptions
  readonly #handlers = new WeakMap<ApiModel, Handler>()

  constructor(options: SandboxesOptions) {
    this.#options = options
  }

  handler(api: string): Handler | undefined {
    const { publicUrl, catalog, verify, lastCalls, log } = this.#options
    const compiled = catalog.compiled(api)
    if (compiled === undefined) return undefined
    const known = this.#handlers.get(compiled.model)
    if (known !== undefined) return known
    const audience = resourceOf(publicUrl, api)
    const sandbox = createSandbox({
      model: compiled.model,
      basePath: new URL(audience).pathname,
      verify: (token) => verify(token, audience),
      clock: Date.now,
      seed: SEED,
      data: compiled.seed,
      audience,
      resourceMetadata: resourceMetadataUrl(publicUrl, api),
      help: ({ clientId, missing }) => helpLink(publicUrl, api, clientId, missing[0] ?? []),
      report: ({ where, detail }) => log.warn({ api, where, detail }, 'the sandbox met a fault of the document'),
      observe: ({ at, clientId, method, path, status, error }) => {
        if (error !== undefined) log.error({ err: error, api, method, path }, 'the sandbox failed')
        if (clientId !== undefined) lastCalls.record(clientId, { at: Math.floor(at / 1000), api, method, path, status })
      },
    })
    const handler = nodeHandler(sandbox)
    this.#handlers.set(compiled.model, handler)
    return handler
  }
}
