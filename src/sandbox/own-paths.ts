import type { ApiModel } from '../model/api.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import type { Answer, Call } from './call.ts'
import type { CallLog } from './call-log.ts'
import { CallStreams } from './call-streams.ts'
import { bearerToken, identify, type Verify } from './caller.ts'
import { options as corsOptions } from './cors.ts'
import type { EndedTokens } from './ended-tokens.ts'
import { problem } from './problem.ts'
import { ANYONE, sessionOf } from './session.ts'

export interface OwnPathsOptions {
  readonly model: ApiModel
  readonly basePath: string
  readonly verify: Verify
  readonly authorizationServer?: AuthorizationServer
  readonly ended: EndedTokens
  readonly log: CallLog
  readonly reset: (session: string) => void
  /** Ends what would go on by itself. */
  readonly ending?: AbortSignal
}

/** What a sandbox offers besides its API, at `/-/` below the base: no document has that. */
export class OwnPaths {
  readonly #options: OwnPathsOptions
  readonly #prefix: string
  /** Where RFC 8414 section 3.1 puts the metadata. */
  readonly #metadata: string
  readonly #streams: CallStreams

  constructor(options: OwnPathsOptions) {
    this.#options = options
    this.#prefix = `${options.basePath}/-/`
    this.#streams = new CallStreams(options.log, options.ending)
    this.#metadata = `/.well-known/oauth-authorization-server${this.#prefix}oauth`
  }

  /** Undefined: the call is about the API. */
  answer(call: Call): Promise<Answer> | undefined {
    const { authorizationServer } = this.#options
    if (authorizationServer !== undefined && call.path === this.#metadata)
      return authorizationServer.handle(call, '/.well-known/openid-configuration')
    if (!call.path.startsWith(this.#prefix)) return undefined
    const path = call.path.slice(this.#prefix.length - 1)
    if (call.method === 'OPTIONS') return Promise.resolve(corsOptions(call, ['GET', 'HEAD', 'OPTIONS', 'POST']))
    if (authorizationServer !== undefined && path.startsWith('/oauth/'))
      return authorizationServer.handle(call, path.slice('/oauth'.length))
    return this.#forSession(call, path)
  }

  async #forSession(call: Call, path: string): Promise<Answer> {
    const { model, verify, ended, log, reset } = this.#options
    const caller = await identify(model, call, verify)
    const session = sessionOf(call, caller)
    if (caller.credentials.invalid !== undefined || session === undefined || session === ANYONE)
      return problem(401, 'Whose session? Send a token for this API, or Sallyport-Session.', {}, CHALLENGE)
    switch (`${call.method} ${path}`) {
      case 'GET /calls':
      case 'HEAD /calls': {
        const after = knownUntil(call)
        const mayGoOn = async () => sessionOf(call, await identify(model, call, verify)) === session
        const follows = call.method === 'GET' && /text\/event-stream/i.test(call.header('accept') ?? '')
        const stream = follows ? this.#streams.open({ session, after, mayGoOn }) : undefined
        // Who may not follow now gets what there is, and asks again.
        if (stream !== undefined) return { status: 200, headers: EVENTS, stream }
        const calls = log.read(session, after)
        return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ calls }) }
      }
      case 'POST /reset':
        reset(session)
        return { status: 204, headers: {} }
      case 'POST /expire': {
        const token = bearerToken(call.header('authorization'))
        if (token === undefined) return problem(400, 'Which token? Send it as Authorization.')
        ended.expire(token)
        return { status: 204, headers: {} }
      }
      default:
        return problem(404, 'The sandbox has no such path: GET /-/calls, POST /-/reset, POST /-/expire.')
    }
  }
}

/** A stream that broke goes on after the event that it had got to (HTML standard section 9.2.4). */
function knownUntil(call: Call): number {
  const after = Number(call.header('last-event-id') ?? new URLSearchParams(call.query).get('after') ?? 0)
  return Number.isFinite(after) ? after : 0
}

/** Proxies are not to collect it. */
const EVENTS = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' }

const CHALLENGE = { 'www-authenticate': 'Bearer' }
