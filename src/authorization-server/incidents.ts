import type { IncomingMessage } from 'node:http'
import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { AuditEntry } from '../store/audit.ts'
import type { Store } from '../store/store.ts'

/**
 * What comes to light deep inside the library, where nobody waits for it to be written down: kept with the request, whose
 * answer doesn't leave before it is ({@link recordIncidents}).
 */
const incidents = new WeakMap<IncomingMessage, AuditEntry[]>()

type Noted = Pick<AuditEntry, 'detail'> & { readonly action: 'grant.reuse-detected' | 'client.keys-unread' }

/** Concerns the client that makes the request; without one there is nobody whom it could concern. */
export function noteIncident({ oidc, req }: KoaContextWithOIDC, incident: Noted): void {
  const clientId = oidc.client?.clientId
  if (clientId === undefined) return
  incidents.set(req, [...(incidents.get(req) ?? []), { actor: clientId, target: clientId, ...incident }])
}

export async function recordIncidents(
  { req }: KoaContextWithOIDC,
  { store, address }: { readonly store: Store; readonly address: (request: IncomingMessage) => string | undefined },
): Promise<void> {
  for (const entry of incidents.get(req) ?? []) await store.audit.append({ ...entry, ip: address(req) })
  incidents.delete(req)
}

/** At the token endpoint the library revokes a grant for one reason: a code or a refresh token was used again. */
export function noteReuse(provider: Provider): void {
  provider.on('grant.revoked', (ctx, grant) => {
    if (ctx.oidc.route === 'token') noteIncident(ctx, { action: 'grant.reuse-detected', detail: { grant } })
  })
}
