import type { App } from '../../apps/apps.ts'
import type { Person } from '../../server/portal.ts'
import { notFound, signedIn, type Visit } from '../_visitor.ts'

export interface AppVisit {
  readonly person: Person
  readonly app: App
}

/** The app of the address, if it is this visitor's. */
export async function openApp(
  visit: Visit & {
    readonly params: Readonly<Record<string, string | undefined>>
    readonly response: { readonly headers: Headers }
  },
): Promise<AppVisit | Response> {
  visit.response.headers.set('cache-control', 'no-store')
  const person = signedIn(visit)
  if (person instanceof Response) return person
  const app = await visit.locals.portal.apps.get(visit.params.clientId ?? '', person)
  return app === undefined ? notFound() : { person, app }
}
