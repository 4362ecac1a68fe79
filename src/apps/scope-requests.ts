import type { ApiModel } from '../model/api.ts'
import type { ScopeRequest } from '../store/scope-requests.ts'
import type { Store } from '../store/store.ts'
import { refusals as say, scopeInbox } from '../wording/wording.ts'
import { type App, appOf, by, mayManage, type Viewer } from './app.ts'

/** What a developer asks for. */
export interface ScopeWish {
  readonly api: string
  readonly scopes: readonly string[]
  /** In their own words, for whoever decides. */
  readonly reason: string
}

/** A request with what it takes to decide it. */
export interface ScopeRequestView extends ScopeRequest {
  readonly app: App
  readonly requester: string
}

export type ScopeOutcome = { readonly ok: true } | { readonly ok: false; readonly message: string }

export interface ScopeRequestsOptions {
  readonly store: Pick<Store, 'scopeRequests' | 'clients' | 'people' | 'audit'>
  readonly models: () => readonly ApiModel[]
  /** Registers the app for more scopes; a message where the registration is refused. */
  readonly widen: (app: App, scopes: readonly string[], viewer: Viewer) => Promise<string | undefined>
}

const LONGEST_REASON = 2_000

/**
 * More scopes for an app than it is registered for: its developers ask, with a reason, and the API's owner (`owner.email` of
 * its `access.yaml`) or an administrator decides. Whether a token then holds them is for the policies to say, as ever.
 */
export function scopeRequestsOf({ store, models, widen }: ScopeRequestsOptions) {
  const { scopeRequests, clients, people, audit } = store

  async function ownedApis(viewer: Viewer): Promise<string[]> {
    const email = (await people.get(viewer.id))?.email
    return models()
      .filter(({ owner }) => viewer.administrator || (email !== undefined && owner?.email?.toLowerCase() === email))
      .map(({ name }) => name)
  }

  async function views(requests: readonly ScopeRequest[]): Promise<ScopeRequestView[]> {
    const found = requests.map(async (request): Promise<ScopeRequestView[]> => {
      const client = await clients.get(request.clientId)
      const requester = (await people.get(request.personId))?.email ?? scopeInbox.someoneGone
      return client === undefined ? [] : [{ ...request, app: appOf(client), requester }]
    })
    return (await Promise.all(found)).flat()
  }

  return {
    /** Undefined: no such app. */
    async ask(clientId: string, { api, scopes, reason }: ScopeWish, viewer: Viewer): Promise<ScopeOutcome | undefined> {
      const client = await clients.get(clientId)
      if (client === undefined || !mayManage(client, viewer)) return undefined
      const app = appOf(client)
      const model = app.apis.includes(api) ? models().find(({ name }) => name === api) : undefined
      if (model === undefined) return refused(say.notRegistered(app.name))
      if (scopes.length === 0) return refused(say.scopes)
      const unknown = scopes.find((scope) => !model.scopes.some(({ name }) => name === scope))
      if (unknown !== undefined) return refused(say.noScope(model.title, unknown.slice(0, 100)))
      const held = scopes.find((scope) => app.scopes.includes(scope))
      if (held !== undefined) return refused(say.hasScope(app.name, held))
      if (reason.trim() === '') return refused(say.reason)
      if (reason.length > LONGEST_REASON) return refused(say.longReason(LONGEST_REASON))
      const pending = (await scopeRequests.list({ clientId })).filter(({ status }) => status === 'pending')
      const again = scopes.find((scope) => pending.some((request) => request.scopes.includes(scope)))
      if (again !== undefined) return refused(say.asked(again))
      const id = await scopeRequests.add({ clientId, personId: viewer.id, api, scopes, reason: reason.trim() })
      await audit.append({
        ...by(viewer),
        action: 'scopes.requested',
        target: clientId,
        detail: { request: id, api, scopes },
      })
      return { ok: true }
    },

    /** Of one app that the viewer manages. */
    async ofApp(clientId: string, viewer: Viewer): Promise<readonly ScopeRequest[]> {
      const client = await clients.get(clientId)
      return client !== undefined && mayManage(client, viewer) ? scopeRequests.list({ clientId }) : []
    },

    /** Undefined: the viewer owns no API. Those that wait come first. */
    async inbox(viewer: Viewer): Promise<readonly ScopeRequestView[] | undefined> {
      const apis = await ownedApis(viewer)
      return apis.length === 0 ? undefined : views(await scopeRequests.list({ apis }))
    },

    /** Undefined: no such request, or none of the viewer's to decide. Approving registers the app for the scopes. */
    async decide(
      id: string,
      { approve, answer }: { readonly approve: boolean; readonly answer: string },
      viewer: Viewer,
    ): Promise<ScopeOutcome | undefined> {
      const request = await scopeRequests.get(id)
      if (request === undefined || !(await ownedApis(viewer)).includes(request.api)) return undefined
      if (request.status !== 'pending') return refused(say.decided)
      const client = await clients.get(request.clientId)
      if (client === undefined) return undefined
      // First what it is about: should this process end here, the request still waits, and approving it again changes nothing.
      const problem = approve ? await widen(appOf(client), request.scopes, viewer) : undefined
      if (problem !== undefined) return refused(problem)
      const decided = await scopeRequests.decide(id, {
        status: approve ? 'approved' : 'rejected',
        by: viewer.id,
        ...(answer.trim() === '' ? {} : { answer: answer.trim().slice(0, LONGEST_REASON) }),
      })
      if (!decided) return refused(say.decided)
      await audit.append({
        ...by(viewer),
        action: approve ? 'scopes.approved' : 'scopes.rejected',
        target: request.clientId,
        detail: { request: id, api: request.api, scopes: request.scopes },
      })
      return { ok: true }
    },
  }
}

function refused(message: string): ScopeOutcome {
  return { ok: false, message }
}
