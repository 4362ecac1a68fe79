import { decodeJwt, errors as jose } from 'jose'
import type { KoaContextWithOIDC, OIDCContext } from 'oidc-provider'
import type { ApiModel } from '../model/api.ts'
import type { Store } from '../store/store.ts'
import { INTERNAL_METADATA } from './client-metadata.ts'
import { isClientSecretDigest } from './client-secret.ts'
import type { Entitlements } from './entitlement.ts'
import { OIDC_SCOPES } from './oidc-scopes.ts'
import type { Revocation } from './revocation.ts'
import type { Verify } from './verify.ts'

export interface ResponseOptions {
  readonly store: Store
  readonly models: ReadonlyMap<string, ApiModel>
  readonly entitlements: Entitlements
  readonly revocation: Revocation
  readonly verify: Verify
}

/** What the library answers, seen through before it leaves: what it must not say, can't do, or has to be written down. */
export function reviewResponses(options: ResponseOptions) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    await next()
    const oidc: OIDCContext | undefined = ctx.oidc
    switch (oidc?.route) {
      case 'registration':
      case 'client':
      case 'client_update':
      case 'client_delete':
        hideFromClient(ctx.body)
        return recordRegistration(ctx, options)
      case 'discovery':
        return hidePrivateScopes(ctx, options)
      case 'revocation':
        return revokeSigned(ctx, options)
      case 'token':
        return recordToken(ctx, options)
    }
  }
}

/** Secrets are shown once, when they are made; what the store holds is a digest. */
function hideFromClient(body: unknown): void {
  if (!isObject(body)) return
  for (const member of INTERNAL_METADATA) delete body[member]
  if (isClientSecretDigest(body.client_secret)) delete body.client_secret
}

/** The library would list every scope of every API. */
function hidePrivateScopes(ctx: KoaContextWithOIDC, { models }: ResponseOptions): void {
  if (!isObject(ctx.body)) return
  const open = [...models.values()].filter(({ visibility }) => visibility === 'public')
  const scopes = open.flatMap((model) => model.scopes.map(({ name }) => name))
  ctx.body.scopes_supported = [...new Set([...OIDC_SCOPES, ...scopes])]
}

/**
 * RFC 7009 for our signed access tokens, which the library refuses to revoke, after it authenticated the client. A token
 * that isn't the client's own is left alone, and the answer is the same (section 2.2).
 */
async function revokeSigned(ctx: KoaContextWithOIDC, { revocation, store, verify }: ResponseOptions): Promise<void> {
  const { body, oidc } = ctx
  if (!isObject(body) || body.error !== 'unsupported_token_type' || oidc.client === undefined) return
  const token = oidc.params?.token
  const verification = typeof token === 'string' ? await verify(token, audience(token)) : undefined
  if (verification?.ok && verification.token.clientId === oidc.client.clientId) {
    await revocation.denyToken(verification.token.jti)
    await store.audit.append({ actor: oidc.client.clientId, action: 'token.revoked', target: oidc.client.clientId })
  }
  ctx.status = 200
  ctx.body = ''
}

/** Whatever API it is for. */
function audience(token: string): string {
  try {
    const { aud } = decodeJwt(token)
    return typeof aud === 'string' ? aud : ''
  } catch (error) {
    if (error instanceof jose.JWTInvalid) return ''
    throw error
  }
}

async function recordRegistration({ oidc, status }: KoaContextWithOIDC, { store }: ResponseOptions): Promise<void> {
  const { client } = oidc
  if (client === undefined || status >= 300) return
  const action = { registration: 'registered', client_update: 'updated', client_delete: 'removed' }[oidc.route]
  if (action === undefined) return
  const owner = client.sallyport_owner
  await store.audit.append({
    actor: typeof owner === 'string' && oidc.route === 'registration' ? owner : client.clientId,
    action: `client.${action}`,
    target: client.clientId,
    detail: { name: client.clientName, kind: client.sallyport_kind, apis: client.sallyport_apis },
  })
}

async function recordToken(ctx: KoaContextWithOIDC, { entitlements, store }: ResponseOptions): Promise<void> {
  const { client, entities, params } = ctx.oidc
  const entitlement = entitlements.of(ctx)
  if (ctx.status !== 200 || client === undefined || entitlement === undefined || !isObject(ctx.body)) return
  const { model, granted } = entitlement
  await store.audit.append({
    actor: entities.Account?.accountId ?? client.clientId,
    action: params?.grant_type === 'refresh_token' ? 'token.refreshed' : 'token.issued',
    target: client.clientId,
    detail: { api: model.name, scope: ctx.body.scope, policy: granted.policy, rule: granted.rule },
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
