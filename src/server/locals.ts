import type { IncomingMessage, ServerResponse } from 'node:http'
import { by } from '../apps/app.ts'
import { policiesOf } from '../authorization-server/policies.ts'
import { ADMINISTRATORS } from '../model/visibility.ts'
import type { EvaluatedPolicy } from '../policy/evaluate.ts'
import type { Store } from '../store/store.ts'
import { passwordLink } from '../wording/wording.ts'
import { consoleFor } from './console.ts'
import { drained } from './drained.ts'
import { interactionsFor } from './interactions.ts'
import { knownBrowsers, rememberBrowser } from './known-browsers.ts'
import { personasOf } from './personas.ts'
import type { Person } from './portal.ts'
import type { AccountLocals, PasswordLinkLocals } from './portal-people.ts'
import type { Services } from './services.ts'
import { place } from './splice.ts'

export interface RequestContext {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly person: Person | undefined
}

/** Who a session cookie belongs to; nobody, once they are disabled. */
export async function personOf(
  store: Store,
  cookie: string | undefined,
  address: string | undefined,
): Promise<Person | undefined> {
  const session = cookie === undefined ? undefined : await store.portalSessions.get(cookie)
  const person = session === undefined ? undefined : await store.people.get(session.personId)
  if (person === undefined || person.status !== 'active') return undefined
  const { id, email, name, groups } = person
  const administrator = groups.includes(ADMINISTRATORS)
  return { id, email, name, groups, administrator, ...(address !== undefined && { address }) }
}

/** What pages see of the server, for one request. */
export function createLocals(services: Services, { request, response, person }: RequestContext): App.Locals {
  const { apps, authorizationServer, catalog, environment, settings, sdks, store } = services
  const { file, logo } = settings
  const { publicUrl, demo } = environment
  return {
    person,
    drained: () => drained(response),
    interactions: interactionsFor({
      authorizationServer,
      external: services.externalSignIn,
      provider: environment.signInProvider,
      address: services.address(request),
      store,
      demo,
      request,
      response,
    }),
    portal: {
      catalog,
      settings: {
        name: file.name,
        accent: file.accent,
        logo,
        publicUrl,
        npmScope: file.npmScope,
        demo,
        version: services.version,
        ...(file.home !== undefined && { home: file.home }),
      },
      async appsOf(viewer, looked) {
        const own = await apps.list(viewer)
        const seen = typeof looked === 'object' ? own : own.filter(({ id }) => id === looked)
        if (seen.length === 0) return own
        const policies = await policiesFor(services, new Set(seen.flatMap((app) => app.apis)))
        const someone = await store.people.get(viewer.id)
        return own.map((app) => {
          if (!seen.includes(app)) return app
          const signedIn = app.kind === 'service' ? undefined : someone
          return { ...app, policies, ...(signedIn && { signedIn }) }
        })
      },
      apps,
      account: accountOf(services),
      passwordLinks: passwordLinksOf(services, { address: services.address(request), response }),
      personas: personasOf({ store, demo }),
      async parts(model, operation) {
        const found = await services.parts?.find(model, operation)
        return (
          found && {
            navigation: place(found.navigation, response),
            contract: place(found.contract, response),
            outcome: place(found.outcome, response),
            samples: place(found.samples, response),
          }
        )
      },
      sdkSize: (model, scopes) => sdks.size(model, scopes),
      console: (viewer) => consoleFor(viewer, services),
    },
  }
}

function passwordLinksOf(
  { authorizationServer: { issuer, passwordLinks }, store }: Services,
  { address, response }: { readonly address: string | undefined; readonly response: ServerResponse },
): PasswordLinkLocals {
  return {
    find: (token) => passwordLinks.find(token),
    async set(token, password) {
      const message = passwordLinks.problem(password)
      if (message !== undefined) return { ok: false, expired: false, message }
      const person = await passwordLinks.redeem(token, password, address)
      if (person === undefined) return { ok: false, expired: true, message: passwordLink.used }
      // Whoever has the link is the person: nobody who shares their address keeps them from signing in with it.
      rememberBrowser(response, await knownBrowsers(store).mark(person.email), issuer.startsWith('https:'))
      return { ok: true }
    },
  }
}

/** What decides for these APIs right now. */
async function policiesFor(
  { store, catalog }: Services,
  apis: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly EvaluatedPolicy[]>> {
  const models = [...apis].flatMap((api) => catalog.compiled(api)?.model ?? [])
  return new Map(await Promise.all(models.map(async (model) => [model.name, await policiesOf(store, model)] as const)))
}

function accountOf({ store, authorizationServer }: Services): AccountLocals {
  return {
    profile: async ({ id }) => (await store.people.get(id))?.profile ?? {},
    async consents({ id }) {
      const consents = await store.consents.list({ personId: id })
      return Promise.all(
        consents.map(async (consent) => ({
          ...consent,
          clientName: (await store.clients.get(consent.clientId))?.name ?? consent.clientId,
        })),
      )
    },
    async withdrawConsent(clientId, person) {
      await authorizationServer.withdrawConsent(person.id, clientId)
      await store.audit.append({ ...by(person), action: 'consent.withdrawn', target: clientId })
    },
  }
}
