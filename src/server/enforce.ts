import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AuthorizationServer } from '../authorization-server/server.ts'
import type { ApiModel, Environment } from '../model/api.ts'
import { asSeenBy, audienceKey } from '../model/as-seen.ts'
import { apiOfEnvironment } from '../model/audience.ts'
import { inNetwork } from '../policy/network.ts'
import type { Answer } from '../sandbox/call.ts'
import { createEnforcement, type HeldCall } from '../sandbox/enforcement.ts'
import { problem } from '../sandbox/problem.ts'
import type { SpecCatalog } from './catalog.ts'
import type { CounselOf } from './counsel.ts'
import type { Handler } from './dispatch.ts'
import type { Readers } from './readers.ts'

export interface EnforceOptions {
  readonly catalog: Pick<SpecCatalog, 'models' | 'compiled'>
  readonly verify: AuthorizationServer['verify']
  readonly counselOf: CounselOf
  readonly readers: Pick<Readers, 'ofApp'>
  /** Networks that may ask. */
  readonly proxies: readonly string[]
}

/**
 * Forward authentication at `/enforce/{api}`, or `/enforce/{api}@{environment}`: a proxy in front of the API asks whether a
 * call may pass. It says which call it is by `X-Original-Method` and `X-Original-URI` (nginx), by `X-Forwarded-Method` and
 * `X-Forwarded-Uri` (Traefik, Caddy), or by making it here, below that path (Envoy's HTTP service).
 */
export function enforceHandler({ catalog, verify, counselOf, readers, proxies }: EnforceOptions): Handler {
  const trusted = new Map<string, boolean>()
  const enforcements = new WeakMap<ApiModel, Map<string, ReturnType<typeof createEnforcement>>>()

  const isTrusted = (address: string): boolean => {
    const known = trusted.get(address)
    if (known !== undefined) return known
    const is = proxies.some((network) => inNetwork(address, network))
    if (trusted.size < 1000) trusted.set(address, is)
    return is
  }

  const enforcementOf = (model: ApiModel, name: string, environment: Environment) => {
    const known = enforcements.get(model) ?? new Map<string, ReturnType<typeof createEnforcement>>()
    enforcements.set(model, known)
    const enforcement =
      known.get(name) ??
      createEnforcement({
        model,
        environment,
        verify: (token) => verify(token, environment.audience),
        ...(audienceKey(model) !== '' && {
          visibleTo: async (clientId) =>
            asSeenBy(model, clientId === undefined ? undefined : await readers.ofApp(clientId))?.operations ?? [],
        }),
        counsel: counselOf(model, environment.audience),
      })
    known.set(name, enforcement)
    return enforcement
  }

  const answer = (request: IncomingMessage): Promise<Answer> | Answer => {
    if (!isTrusted(request.socket.remoteAddress ?? ''))
      return problem(403, 'Only proxies that ENFORCE_PROXIES names may ask this.')
    const [, api = '', name, below = ''] = /^\/enforce\/([^/@?]+)(?:@([^/?]+))?(.*)$/.exec(request.url ?? '') ?? []
    const model = catalog.compiled(api)?.model
    if (model === undefined) return problem(403, 'There is no such API.')
    const { environments } = model
    const only = Object.keys(environments).length === 1 ? Object.keys(environments)[0] : undefined
    const chosen = name ?? (Object.hasOwn(environments, 'production') ? 'production' : only)
    const environment = chosen !== undefined && Object.hasOwn(environments, chosen) ? environments[chosen] : undefined
    if (chosen === undefined || environment === undefined)
      return problem(403, `access.yaml of ${api} has no such environment.`)
    if (apiOfEnvironment(catalog.models(), environment.audience) !== model)
      return problem(403, 'Another API has an environment with the same audience.')
    const held = heldCall(request, below)
    return typeof held === 'string' ? problem(403, held) : enforcementOf(model, chosen, environment)(held)
  }

  return async (request, response) => send(response, await answer(request))
}

const METHODS = ['x-original-method', 'x-forwarded-method']
const URIS = ['x-original-uri', 'x-original-url', 'x-forwarded-uri', 'x-rewrite-url']
const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override']

/** The call that is asked about, or why that isn't plain: a client may have sent some of these headers itself. */
function heldCall(request: IncomingMessage, below: string): HeldCall | string {
  const { headers } = request
  if (OVERRIDES.some((name) => headers[name] !== undefined)) return 'The call would override its own method.'
  const said = (names: readonly string[]): Set<string> =>
    new Set(names.flatMap((name) => (headers[name] === undefined ? [] : [String(headers[name])])))
  const [methods, uris] = [said(METHODS), said(URIS)]
  if (below.startsWith('/')) {
    methods.add(request.method ?? '')
    uris.add(below)
  }
  const [[method], [uri]] = [methods, uris]
  if (method === undefined || uri === undefined)
    return 'Which call? Send X-Original-Method and X-Original-URI, or X-Forwarded-Method and X-Forwarded-Uri.'
  if (methods.size > 1 || uris.size > 1) return 'Headers of the call contradict each other on its method or its path.'
  const { authorization } = headers
  return { method: method.toUpperCase(), uri, ...(authorization === undefined ? {} : { authorization }) }
}

function send(response: ServerResponse, { status, headers, body = '' }: Answer): void {
  response.writeHead(status, { ...headers, 'cache-control': 'no-store', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
