import type { IncomingMessage } from 'node:http'
import type { Client, KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { Store } from '../store/store.ts'
import { makerOf } from './app-maker.ts'
import { appClient } from './client-metadata.ts'
import { type Onward, pageOf, setPage } from './page.ts'

interface Refusal {
  readonly error: string
  readonly error_description?: string | undefined
}

const refusals = new WeakMap<IncomingMessage, Refusal>()

export function noteRefusals(provider: Provider): void {
  provider.on('authorization.error', ({ req }, error) => refusals.set(req, error))
}

/**
 * Whether a browser may be sent there although nobody has agreed to it (RFC 9700, section 4.11.2): someone vouches for the
 * app, or the address is the portal's, or on one's own device, as all that can be registered without `https` is.
 */
export function isTrustedRedirect(client: Client, redirectUri: unknown, publicUrl: string): boolean {
  const { firstParty, verified } = appClient(client)
  const url = URL.parse(String(redirectUri))
  return firstParty || verified || url?.protocol !== 'https:' || url.origin === publicUrl
}

/**
 * An app that nobody vouches for could use this server's address to send people wherever it likes, by requests that are bound
 * to fail or that people refuse. So its errors stay here, with a way on: who takes it has read where it leads.
 */
export async function keepErrorsOfStrangers(
  ctx: KoaContextWithOIDC,
  { store, publicUrl, issuer }: { readonly store: Store; readonly publicUrl: string; readonly issuer: string },
): Promise<void> {
  const { client, entities } = ctx.oidc
  const refusal = refusals.get(ctx.req)
  if (refusal === undefined || client === undefined || pageOf(ctx) !== undefined) return
  const params: Readonly<Record<string, unknown>> = ctx.oidc.params ?? ctx.query
  const redirectUri = String(params.redirect_uri)
  if (isTrustedRedirect(client, redirectUri, publicUrl) || isFramed(ctx)) return
  const { error, error_description: description } = refusal
  const { id, name } = appClient(client)
  const answer = { error, error_description: description, state: params.state, iss: issuer }
  const onward = ctx.res.hasHeader('Location')
    ? { href: ctx.response.get('Location') }
    : { href: redirectUri, fields: given(answer) }
  ctx.remove('Location')
  setPage(ctx, {
    kind: 'failure',
    status: 400,
    error,
    ...(description !== undefined && { description }),
    client: id,
    stranger: {
      name,
      ...(await makerOf(store, id)),
      refused: entities.Interaction?.result?.error !== undefined,
      onward,
    },
  })
}

/** There, the address that people see and may trust is the app's own already: so it asks who is signed in, silently. */
function isFramed({ headers }: KoaContextWithOIDC): boolean {
  return headers['sec-fetch-dest'] === 'iframe'
}

function given(answer: Readonly<Record<string, unknown>>): NonNullable<Onward['fields']> {
  return Object.fromEntries(
    Object.entries(answer).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}
