import { formatChallenge } from '../access/challenge.ts'
import type { Deny } from '../access/decide.ts'
import type { Withheld } from '../access/redact.ts'
import { trace } from '../access/trace.ts'
import type { Operation } from '../model/api.ts'
import type { Answer } from './call.ts'
import type { Caller } from './caller.ts'
import { problem } from './problem.ts'

/** What `help` is told, to say where the missing scopes are to be had. */
export interface Denied {
  readonly operation: Operation
  readonly missing: Deny['missing']
  readonly clientId?: string
}

export interface DenialOptions {
  /** URL of the protected resource's metadata (RFC 9728). */
  readonly resourceMetadata?: string
  readonly audience?: string
  readonly help?: (denied: Denied) => string | undefined
}

/** 401 or 403: the challenge of RFC 6750, and as problem details how it came about. */
export function denial(
  operation: Operation,
  { credentials, token, clientId }: Caller,
  decision: Deny,
  { resourceMetadata, audience, help }: DenialOptions,
  sent: readonly Withheld[] = [],
): Answer {
  const { status, missing, why } = decision
  const link = help?.({ operation, missing, ...(clientId === undefined ? {} : { clientId }) })
  const rows = trace({
    operation,
    credentials,
    decision,
    sent,
    ...(token === undefined ? {} : { token }),
    ...(audience === undefined ? {} : { audience }),
  })
  return problem(
    status,
    why,
    {
      ...(decision.error === undefined ? {} : { error: decision.error }),
      missing,
      why,
      ...(sent.length === 0 ? {} : { fields: sent }),
      trace: rows,
      ...(link === undefined ? {} : { link }),
    },
    { 'www-authenticate': formatChallenge(decision.challenge, resourceMetadata) },
  )
}
