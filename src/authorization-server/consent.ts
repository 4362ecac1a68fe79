import { errors, type Grant, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import type { Consent } from '../model/api.ts'
import { resourceOf } from '../model/audience.ts'
import type { ConsentRecord } from '../store/consents.ts'
import type { Store } from '../store/store.ts'
import { consent as say } from '../wording/wording.ts'
import { appClient } from './client-metadata.ts'
import type { Entitlements } from './entitlement.ts'
import { OIDC_SCOPES, SILENT_OIDC_SCOPES } from './oidc-scopes.ts'
import { isTrustedRedirect } from './untrusted-redirect.ts'

/** A scope that an app asks a person for. */
export interface RequestedScope {
  readonly name: string
  /** Absent: it concerns the person, not an API. */
  readonly api?: string
  /** What the token will be for; comes with `api`. */
  readonly resource?: string
  readonly title?: string
  readonly description?: string
  /** `implicit`: comes with signing in; `optional`: may be left out; `required`: all or nothing. */
  readonly consent: Consent
}

const STRICTNESS: readonly Consent[] = ['implicit', 'optional', 'required']

/** Where the rule and the scope both speak of consent, the stricter wins. */
function stricter(one: Consent, other: Consent | undefined): Consent {
  return other !== undefined && STRICTNESS.indexOf(other) > STRICTNESS.indexOf(one) ? other : one
}

export interface ConsentOptions {
  readonly publicUrl: string
  readonly store: Store
  readonly entitlements: Entitlements
}

/** What this request is granted by policy, and how the person must agree to it. */
function requestedConsents(ctx: KoaContextWithOIDC, entitlements: Entitlements): RequestedScope[] {
  const { client, requestParamScopes } = ctx.oidc
  const firstParty = client !== undefined && appClient(client).firstParty
  const ofApis = entitlements.of(ctx).flatMap(({ model, resource, granted }) =>
    model.scopes.flatMap(({ name, title, description, consent }): RequestedScope[] => {
      if (!granted.scopes.includes(name)) return []
      return [
        {
          name,
          api: model.name,
          resource,
          ...(title === undefined ? {} : { title }),
          ...(description === undefined ? {} : { description }),
          consent: stricter(consent, granted.consent),
        },
      ]
    }),
  )
  const ofPerson = OIDC_SCOPES.filter((name) => requestParamScopes.has(name)).map((name): RequestedScope => {
    const title = say.ownScopes[name]
    const silent = firstParty || SILENT_OIDC_SCOPES.includes(name)
    return { name, ...(title === undefined ? {} : { title }), consent: silent ? 'implicit' : 'required' }
  })
  return [...ofApis, ...ofPerson]
}

/** The library's sign-in prompt, and a consent prompt that knows implicit, optional and required scopes. */
export function prompts({ publicUrl, store, entitlements }: ConsentOptions): interactionPolicy.DefaultPolicy {
  const { base, Check, Prompt } = interactionPolicy
  const policy = base()
  policy.get('login')?.checks.add(
    new Check('person_gone', 'the person is no longer in the directory', ({ oidc }) => {
      return oidc.session?.accountId !== undefined && oidc.account === undefined
    }),
  )
  policy.remove('consent')
  const isUndecided =
    ({ oidc }: KoaContextWithOIDC) =>
    (scope: RequestedScope) =>
      !isEncountered(oidc.grant, scope)
  policy.add(
    new Prompt(
      { name: 'consent', requestable: true },
      (ctx) => ({ scopes: requestedConsents(ctx, entitlements) }),
      // A native app can't prove that it is the one that registered (RFC 8252, section 8.6), for an anonymous one nobody
      // vouches: a person must look each time.
      new Check('unproven_client', 'this app needs a person to agree', 'interaction_required', ({ oidc }) => {
        const { client } = oidc
        const unproven = client?.applicationType === 'native' || (client !== undefined && appClient(client).anonymous)
        return unproven && oidc.result?.consent === undefined
      }),
      // Whoever is signed in would be sent on at once, without having seen where (RFC 9700, section 4.11.2).
      new Check(
        'unknown_place',
        'a person must first see where this app leads',
        'interaction_required',
        async (ctx) => {
          const { account, client, params, result } = ctx.oidc
          if (account === undefined || client === undefined || result?.consent !== undefined) return false
          if (isTrustedRedirect(client, params?.redirect_uri, publicUrl)) return false
          const { accountId: personId } = account
          return (await store.consents.list({ personId, clientId: client.clientId })).length === 0
        },
      ),
      new Check('consent_missing', 'consent is missing', (ctx) => {
        return requestedConsents(ctx, entitlements).some(isUndecided(ctx))
      }),
    ),
  )
  return policy
}

/**
 * The grant of this sign-in session, made if there is none, with all that needs no question: implicit scopes, and what the
 * person agreed to before.
 */
export async function loadGrant(
  ctx: KoaContextWithOIDC,
  { publicUrl, store, entitlements }: ConsentOptions,
): Promise<Grant | undefined> {
  const { account, client, provider, result, session } = ctx.oidc
  if (account === undefined || client === undefined) return undefined
  const { accountId: personId } = account
  const { clientId } = client
  const grantId = result?.consent?.grantId ?? session?.grantIdFor(clientId)
  const found = grantId === undefined ? undefined : await provider.Grant.find(grantId)
  const ours = found?.accountId === personId && found.clientId === clientId ? found : undefined
  const grant = ours ?? new provider.Grant({ accountId: personId, clientId })
  const remembered = await store.consents.list({ personId, clientId })
  let changed = ours === undefined
  for (const scope of requestedConsents(ctx, entitlements)) {
    if (isEncountered(grant, scope)) continue
    if (scope.consent !== 'implicit' && !isRemembered(scope, remembered, publicUrl)) continue
    allow(grant, scope)
    changed = true
  }
  if (changed) await grant.save()
  return grant
}

/** Whether a person agreed to it before. What was agreed to for a sandbox says nothing of the data of an environment. */
export function isRemembered(
  { api, name, resource }: RequestedScope,
  remembered: readonly ConsentRecord[],
  publicUrl: string,
): boolean {
  if (api !== undefined && resource !== resourceOf(publicUrl, api)) return false
  return remembered.some((consent) => consent.api === (api ?? '') && consent.scopes.includes(name))
}

export function allow(grant: Grant, { resource, name }: RequestedScope): void {
  if (resource === undefined) grant.addOIDCScope(name)
  else grant.addResourceScope(resource, name)
}

export function refuse(grant: Grant, { resource, name }: RequestedScope): void {
  if (resource === undefined) throw new errors.InvalidRequest('a scope that concerns the person is not optional')
  grant.rejectResourceScope(resource, name)
}

/** Granted or refused: either way the question was answered. */
function isEncountered(grant: Grant | undefined, { resource, name }: RequestedScope): boolean {
  if (grant === undefined) return false
  const encountered =
    resource === undefined ? grant.getOIDCScopeEncountered() : grant.getResourceScopeEncountered(resource)
  return encountered.split(' ').includes(name)
}
