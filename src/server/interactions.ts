import type { IncomingMessage, ServerResponse } from 'node:http'
import { DEMO_PEOPLE } from '../authorization-server/demo.ts'
import type { AuthorizationServer } from '../authorization-server/server.ts'
import type { PersonRecord } from '../store/people.ts'
import type { Store } from '../store/store.ts'
import type { InteractionLocals, Onward, SignInBy } from './portal-people.ts'

export interface InteractionOptions {
  readonly authorizationServer: AuthorizationServer
  readonly store: Store
  /** Whether demo people may sign in by one click. */
  readonly demo: boolean
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

const WRONG = 'No one signs in with this address and password.'

/** Signing in and consenting, for one request: its cookies say which interaction it is about. */
export function interactionsFor({
  authorizationServer,
  store,
  demo,
  request,
  response,
}: InteractionOptions): InteractionLocals {
  /** The `uid` of the page's URL must be the one of the browser's cookie: two tabs never answer for each other. */
  const pending = async (uid: string) => {
    const interaction = await authorizationServer.interaction(request, response)
    return interaction?.uid === uid ? interaction : undefined
  }
  const onward = (redirectTo: string | undefined): Onward | undefined =>
    redirectTo === undefined ? undefined : { redirectTo }

  async function demoPeople(): Promise<PersonRecord[]> {
    if (!demo) return []
    const people = await Promise.all(DEMO_PEOPLE.map(({ email }) => store.people.byEmail(email)))
    return people.filter((person) => person !== undefined && person.status === 'active') as PersonRecord[]
  }

  async function identify(by: SignInBy): Promise<PersonRecord | undefined> {
    if ('email' in by) return authorizationServer.directory.authenticate(by.email, by.password)
    return (await demoPeople()).find(({ id }) => id === by.demoPerson)
  }

  return {
    get: pending,
    demoPeople: async () => (await demoPeople()).map(({ id, name, groups }) => ({ id, name, groups })),

    async signIn(uid, by) {
      if ((await pending(uid))?.kind !== 'sign-in') return undefined
      const person = await identify(by)
      if (person === undefined) {
        await store.audit.append({
          action: 'sign-in.failed',
          ...('email' in by && { detail: { email: by.email.slice(0, 200) } }),
        })
        return { ok: false, message: WRONG }
      }
      const redirectTo = await authorizationServer.finishSignIn(request, response, person.id)
      return redirectTo === undefined ? undefined : { ok: true, redirectTo }
    },

    async consent(uid, scopes) {
      if ((await pending(uid))?.kind !== 'consent') return undefined
      return onward(await authorizationServer.finishConsent(request, response, scopes))
    },

    async refuse(uid) {
      return (await pending(uid)) === undefined ? undefined : onward(await authorizationServer.deny(request, response))
    },
  }
}
