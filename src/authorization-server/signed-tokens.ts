import type { IncomingMessage } from 'node:http'
import { decodeJwt, errors as jose } from 'jose'
import type { Client, KoaContextWithOIDC } from 'oidc-provider'
import type { ApiModel } from '../model/api.ts'
import { apiOfAudience } from '../model/audience.ts'
import type { Store } from '../store/store.ts'
import { type AppClient, appClient } from './client-metadata.ts'
import type { Revocation } from './revocation.ts'
import type { VerifiedToken, Verify } from './verify.ts'

export interface SignedTokensOptions {
  readonly publicUrl: string
  readonly issuer: string
  readonly models: ReadonlyMap<string, ApiModel>
  readonly store: Pick<Store, 'audit'>
  readonly revocation: Revocation
  readonly verify: Verify
  readonly address: (request: IncomingMessage) => string | undefined
}

/**
 * Revocation (RFC 7009) and introspection (RFC 7662) of our signed access tokens, which the library refuses after it has
 * authenticated the client.
 */
export function signedTokens({ publicUrl, issuer, models, store, revocation, verify, address }: SignedTokensOptions) {
  /** The token of a request that the library refused; undefined: none that is good. */
  async function presented({ oidc }: KoaContextWithOIDC): Promise<VerifiedToken | undefined> {
    const token = oidc.params?.token
    const verification = typeof token === 'string' ? await verify(token, audience(token)) : undefined
    return verification?.ok ? verification.token : undefined
  }

  return {
    /** A token that isn't the client's own is left alone, and the answer is the same (section 2.2). */
    async revoke(ctx: KoaContextWithOIDC): Promise<void> {
      const client = refusedFor(ctx)
      if (client === undefined) return
      const token = await presented(ctx)
      if (token?.clientId === client.clientId) {
        await revocation.denyToken(token.jti)
        const { clientId } = client
        await store.audit.append({ actor: clientId, ip: address(ctx.req), action: 'token.revoked', target: clientId })
      }
      ctx.status = 200
      ctx.body = ''
    },

    async introspect(ctx: KoaContextWithOIDC): Promise<void> {
      const client = refusedFor(ctx)
      if (client === undefined) return
      const token = await presented(ctx)
      const api = token === undefined ? undefined : apiOfAudience({ publicUrl, models }, token.audience)
      ctx.status = 200
      ctx.body =
        token !== undefined && mayIntrospect(appClient(client), client.clientAuthMethod, token, api?.name)
          ? { ...token.claims, active: true, iss: issuer, token_type: 'Bearer' }
          : { active: false }
    },
  }
}

/**
 * An app learns about its own tokens, an API about those that are for it: a service that an administrator verified, and that
 * is registered for the API. For anyone else there is no such token, so that nobody learns more than they hold.
 *
 * @param api that the token is for, if it is for one
 */
export function mayIntrospect(
  app: AppClient,
  authentication: string | undefined,
  token: { readonly clientId: string },
  api: string | undefined,
): boolean {
  // Whoever knows a public client's id could ask in its name.
  if (authentication === 'none') return false
  if (token.clientId === app.id) return true
  return app.kind === 'service' && app.verified && api !== undefined && app.apis.includes(api)
}

function refusedFor({ body, oidc }: KoaContextWithOIDC): Client | undefined {
  const refused =
    typeof body === 'object' && body !== null && 'error' in body && body.error === 'unsupported_token_type'
  return refused ? oidc.client : undefined
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
