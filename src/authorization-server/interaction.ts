import type { IncomingMessage, ServerResponse } from 'node:http'
import { errors, type Interaction, type Provider } from 'oidc-provider'
import type { Kind } from '../model/api.ts'
import { epoch } from '../store/clock.ts'
import type { Store } from '../store/store.ts'
import { type AppMaker, makerOf } from './app-maker.ts'
import { appClient } from './client-metadata.ts'
import { allow, isRemembered, type RequestedScope, refuse } from './consent.ts'

/** Something that a person must do before an app gets what it asks for. */
export interface PendingInteraction {
  readonly kind: 'sign-in' | 'consent'
  /** As in the page's URL. */
  readonly uid: string
  readonly client: {
    readonly id: string
    readonly name: string
    readonly kind: Kind
    readonly firstParty: boolean
  } & AppMaker
  /** What the app asks for (consent only). */
  readonly scopes: readonly (RequestedScope & {
    /** Before, by the one who is signed in. */
    readonly agreed: boolean
  })[]
  /** Who is signed in (consent only). */
  readonly person?: { readonly id: string; readonly name: string; readonly email: string }
  /** Whom the app expects. */
  readonly loginHint?: string
  /** Where the answer goes in the end, as a source for the page's `form-action`: `https://app.example`, `com.example.app:`. */
  readonly formAction: string
}

/**
 * The pages' side of signing in and consenting. Every function reads the interaction from the browser's cookie; where there
 * is none, or it has expired, the result is undefined: "start again at the app".
 */
export interface Interactions {
  interaction(request: IncomingMessage, response: ServerResponse): Promise<PendingInteraction | undefined>
  /** Returns where to send the browser (303). */
  finishSignIn(request: IncomingMessage, response: ServerResponse, personId: string): Promise<string | undefined>
  /** @param allowed Names of the scopes that the person left ticked; a required one that is missing denies. */
  finishConsent(
    request: IncomingMessage,
    response: ServerResponse,
    allowed: readonly string[],
  ): Promise<string | undefined>
  /** The person says no: the app gets `access_denied`. */
  deny(request: IncomingMessage, response: ServerResponse): Promise<string | undefined>
}

export interface InteractionOptions {
  readonly publicUrl: string
  readonly store: Store
  /** The provider of the moment: it is replaced when models change. */
  readonly provider: () => Provider
  /** Whose request it is, for the log. */
  readonly address: (request: IncomingMessage) => string | undefined
}

export function interactionsOf({ publicUrl, store, provider, address }: InteractionOptions): Interactions {
  async function find(request: IncomingMessage, response: ServerResponse): Promise<Interaction | undefined> {
    try {
      return await provider().interactionDetails(request, response)
    } catch (error) {
      if (error instanceof errors.SessionNotFound) return undefined
      throw error
    }
  }

  function refusal(request: IncomingMessage, response: ServerResponse): Promise<string> {
    const result = { error: 'access_denied', error_description: 'the person did not agree' }
    return provider().interactionResult(request, response, result, { mergeWithLastSubmission: false })
  }

  return {
    async interaction(request, response) {
      const interaction = await find(request, response)
      if (interaction === undefined) return undefined
      const { params, prompt, session, uid } = interaction
      const client = await provider().Client.find(String(params.client_id))
      if (client === undefined) return undefined
      const { id, name, kind, firstParty } = appClient(client)
      const maker = firstParty ? { verified: true } : await makerOf(store, id)
      const person = session === undefined ? undefined : await store.people.get(session.accountId)
      const remembered = person === undefined ? [] : await store.consents.list({ personId: person.id, clientId: id })
      const { login_hint: loginHint, redirect_uri: redirectUri } = params
      return {
        kind: prompt.name === 'consent' ? 'consent' : 'sign-in',
        uid,
        client: { id, name, kind, firstParty, ...maker },
        scopes: scopesOf(interaction).map((scope) => ({
          ...scope,
          agreed: isRemembered(scope, remembered, publicUrl),
        })),
        ...(person === undefined ? {} : { person: { id: person.id, name: person.name, email: person.email } }),
        ...(typeof loginHint === 'string' ? { loginHint } : {}),
        formAction: formAction(redirectUri),
      }
    },

    async finishSignIn(request, response, personId) {
      const interaction = await find(request, response)
      if (interaction?.prompt.name !== 'login') return undefined
      const { session } = interaction
      if (session !== undefined && session.accountId !== personId) {
        // Someone else was signed in here. Their session ends, and nothing of it carries over.
        await store.payloads.removeByUid('Session', session.uid)
        delete interaction.session
        await interaction.save(interaction.exp - epoch())
      }
      await store.audit.append({ actor: personId, ip: address(request), action: 'sign-in.succeeded', target: personId })
      const login = { accountId: personId, amr: ['pwd'] }
      return provider().interactionResult(request, response, { login }, { mergeWithLastSubmission: false })
    },

    async finishConsent(request, response, allowed) {
      const interaction = await find(request, response)
      const personId = interaction?.session?.accountId
      if (interaction?.prompt.name !== 'consent' || personId === undefined) return undefined
      const clientId = String(interaction.params.client_id)
      const scopes = scopesOf(interaction)
      const agreed = scopes.filter(({ name, consent }) => consent === 'implicit' || allowed.includes(name))
      if (scopes.some((scope) => scope.consent === 'required' && !agreed.includes(scope)))
        return refusal(request, response)

      const { Grant } = provider()
      const known = interaction.grantId === undefined ? undefined : await Grant.find(interaction.grantId)
      const grant = known ?? new Grant({ accountId: personId, clientId })
      for (const scope of scopes) (agreed.includes(scope) ? allow : refuse)(grant, scope)
      const grantId = await grant.save()
      for (const [api, ofApi] of Map.groupBy(agreed, ({ api }) => api ?? ''))
        await store.consents.add({ personId, clientId, api, scopes: ofApi.map(({ name }) => name) })
      await store.audit.append({
        actor: personId,
        ip: address(request),
        action: 'consent.granted',
        target: clientId,
        detail: { scopes: agreed.map(({ name }) => name) },
      })
      return provider().interactionResult(request, response, { consent: { grantId } })
    },

    async deny(request, response) {
      const interaction = await find(request, response)
      if (interaction === undefined) return undefined
      const actor = interaction.session?.accountId
      await store.audit.append({
        ...(actor === undefined ? {} : { actor }),
        ip: address(request),
        action: interaction.prompt.name === 'consent' ? 'consent.denied' : 'sign-in.aborted',
        target: String(interaction.params.client_id),
      })
      return refusal(request, response)
    },
  }
}

/** As the consent prompt put them there ({@link ./consent.ts}). */
function scopesOf({ prompt }: Interaction): readonly RequestedScope[] {
  return prompt.name === 'consent' ? (prompt.details.scopes as RequestedScope[]) : []
}

function formAction(redirectUri: unknown): string {
  const url = typeof redirectUri === 'string' ? URL.parse(redirectUri) : null
  if (url === null) return "'self'"
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.origin : url.protocol
}
