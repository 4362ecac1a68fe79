import type { IncomingMessage } from 'node:http'
import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import { appClient } from './client-metadata.ts'
import { pageOf, setPage } from './page.ts'

interface Refusal {
  readonly error: string
  readonly error_description?: string | undefined
}

const refusals = new WeakMap<IncomingMessage, Refusal>()

export function noteRefusals(provider: Provider): void {
  provider.on('authorization.error', ({ req }, error) => refusals.set(req, error))
}

/**
 * An app that anyone registered could use this server's address to send people wherever it likes, by requests that are bound
 * to fail (RFC 9700, section 4.11.2). So its errors stay here; only who agreed to something is sent on.
 */
export function keepErrorsOfStrangers(ctx: KoaContextWithOIDC): void {
  const { client } = ctx.oidc
  const refusal = refusals.get(ctx.req)
  if (refusal === undefined || client === undefined || !appClient(client).anonymous || pageOf(ctx) !== undefined) return
  const { error, error_description: description } = refusal
  ctx.remove('Location')
  setPage(ctx, { kind: 'failure', status: 400, error, ...(description !== undefined && { description }) })
}
