import type { Operation, Parameter } from './api.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'])
const IDEMPOTENT = new Set([...SAFE, 'PUT', 'DELETE'])

/** `Idempotency-Key`, and what publishers called it before there was a draft: `X-Idempotency-Key`, `PayPal-Request-Id`. */
const KEY = /^(x-)?([a-z]+-)?idempoten(t|cy)-?(key|id|token)?$|^(paypal|x)-request-id$/i

/** What happens if a call is made twice (RFC 9110 section 9.2). */
export function repetition(
  method: string,
  parameters: readonly Parameter[],
): Pick<Operation, 'safe' | 'idempotent'> & { readonly idempotencyKey: Operation['idempotencyKey'] } {
  const idempotent = IDEMPOTENT.has(method)
  const key = idempotent ? undefined : parameters.find(({ in: place, name }) => place === 'header' && KEY.test(name))
  return {
    safe: SAFE.has(method),
    idempotent,
    idempotencyKey: key && { header: key.name, required: key.required },
  }
}
