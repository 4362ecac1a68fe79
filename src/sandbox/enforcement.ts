import { ANONYMOUS } from '../access/credentials.ts'
import { type Allow, decide } from '../access/decide.ts'
import type { ApiModel, Environment, Operation } from '../model/api.ts'
import type { Answer } from './call.ts'
import { type Caller, callerOf, readBearer, type VerifiedToken, type Verify } from './caller.ts'
import { type DenialOptions, denial } from './denial.ts'
import { problem } from './problem.ts'
import { findOperation, Router } from './router.ts'

export interface EnforcementOptions extends Pick<DenialOptions, 'counsel'> {
  readonly model: ApiModel
  readonly environment: Environment
  readonly verify: Verify
  /** The operations that an app may know of, where not everyone may know of all. */
  readonly visibleTo?: (clientId: string | undefined) => Promise<readonly Operation[]>
}

/** A call that a proxy holds back until it is told what to do with it. */
export interface HeldCall {
  /** Upper case. */
  readonly method: string
  /** As the client sent it, query included. */
  readonly uri: string
  readonly authorization?: string
}

/**
 * Judges calls of the API itself as the sandbox judges its own: the same requirement, the same function. What a proxy has
 * no business to let through is denied: operations that the document doesn't have, and paths that the API might read
 * differently. A key or a password can't be verified here, so an alternative that asks for one never holds. What is hidden
 * may be called by whoever may call it, and is refused to others as if there were no such operation.
 */
export function createEnforcement({
  model,
  environment,
  verify,
  counsel,
  visibleTo,
}: EnforcementOptions): (call: HeldCall) => Promise<Answer> {
  const router = new Router(model.operations)
  const base = new URL(environment.server).pathname.replace(/\/$/, '')
  const { audience } = environment
  const options = { audience, ...(counsel === undefined ? {} : { counsel }) }

  return async ({ method, uri, authorization }) => {
    const path = uri.split('?', 1)[0] ?? ''
    if (!isPlain(path)) return problem(403, 'The path can be read in more than one way.')
    if (base !== '' && !path.startsWith(`${base}/`)) return problem(403, `The API is at ${base}.`)
    const route = findOperation(router, method, path.slice(base.length))
    if (!route.found) return problem(403, NO_SUCH_OPERATION)
    const { operation } = route
    const caller = await judged(model, authorization, verify)
    const decision = decide(operation, caller.credentials)
    if (!decision.allow) {
      const known = (await visibleTo?.(caller.clientId)) ?? model.operations
      return known.some(({ id }) => id === operation.id)
        ? denial({ operation, caller, decision }, options)
        : problem(403, NO_SUCH_OPERATION)
    }
    return { status: 200, headers: upstreamHeaders(operation, caller.verified, decision) }
  }
}

const NO_SUCH_OPERATION = 'The document has no such operation.'

async function judged(
  model: ApiModel,
  authorization: string | undefined,
  verify: Verify,
): Promise<Caller & { readonly verified?: VerifiedToken }> {
  if (authorization === undefined || !/^bearer(\s|$)/i.test(authorization)) return { credentials: ANONYMOUS }
  const verification = await readBearer(authorization, verify)
  if (!verification.ok) {
    const { reason, check = 'token', clientId } = verification
    return { credentials: { held: [], invalid: reason }, token: { refused: { check, reason } }, clientId }
  }
  return { ...callerOf(model, verification.token), verified: verification.token }
}

/** All of them in every answer, so that a proxy that copies them overwrites what a client made up. */
function upstreamHeaders(
  operation: Operation,
  token: VerifiedToken | undefined,
  { hiddenFields }: Allow,
): Record<string, string> {
  return {
    'sallyport-operation': operation.id,
    'sallyport-client-id': encodeURI(token?.clientId ?? ''),
    'sallyport-sub': encodeURI(token?.sub ?? ''),
    'sallyport-scopes': encodeURI(token?.scopes.join(' ') ?? '').replaceAll('%20', ' '),
    'sallyport-hidden-fields': hiddenFields.map(({ pointer }) => encodeURI(pointer)).join(', '),
  }
}

/**
 * Whether there is one way to read a path: no dots, empty segments or backslashes that someone resolves, no encoded
 * slashes, nothing that is encoded twice or can't be decoded.
 */
function isPlain(path: string): boolean {
  if (!/^\/[!$&'()*+,\-./0-9:;=@A-Z_a-z~%]*$/.test(path)) return false
  if (/%(?![0-9a-f]{2})|%25[0-9a-f]{2}|%(2f|5c|2e|0[0-9a-f]|1[0-9a-f]|7f)/i.test(path)) return false
  if (/\/\/|\/\.{1,2}(\/|;|$)/.test(path)) return false
  try {
    decodeURIComponent(path)
    return true
  } catch (error) {
    if (error instanceof URIError) return false
    throw error
  }
}
