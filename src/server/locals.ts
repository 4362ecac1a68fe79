import type { IncomingMessage, ServerResponse } from 'node:http'
import { ADMINISTRATORS } from '../authorization-server/visibility.ts'
import type { Kind } from '../model/api.ts'
import type { Store } from '../store/store.ts'
import type { Person, PortalLocals } from './portal.ts'
import type { SelfFetch } from './self-fetch.ts'
import type { Services } from './server.ts'

export interface RequestContext {
  readonly selfFetch: SelfFetch
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly person: Person | undefined
}

/** Who a session cookie belongs to; nobody, once they are disabled. */
export async function personOf(store: Store, cookie: string | undefined): Promise<Person | undefined> {
  const session = cookie === undefined ? undefined : await store.portalSessions.get(cookie)
  const person = session === undefined ? undefined : await store.people.get(session.personId)
  if (person === undefined || person.status !== 'active') return undefined
  const { id, email, name, groups } = person
  return { id, email, name, groups, administrator: groups.includes(ADMINISTRATORS) }
}

/** What pages see of the server, for one request. */
export function createLocals(services: Services, context: RequestContext): App.Locals {
  const { catalog, file, store, environment } = services
  const portal: PortalLocals = {
    catalog,
    settings: {
      name: file.name,
      accent: file.accent,
      publicUrl: environment.publicUrl,
      npmScope: file.npmScope,
      ...(file.home !== undefined && { home: file.home }),
      demo: environment.demo,
    },
    async appsOf(person) {
      const clients = await store.clients.list(person.id)
      return clients.map(({ id, name, kind, apis, payload }) => ({
        id,
        name,
        kind: kind as Kind,
        apis,
        scopes: typeof payload.scope === 'string' ? payload.scope.split(' ') : [],
      }))
    },
  }
  return { portal, person: context.person }
}
