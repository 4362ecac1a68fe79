import type { IncomingMessage, ServerResponse } from 'node:http'
import { DEMO_PEOPLE } from '../authorization-server/demo.ts'
import { limitedAddress, STOPPED } from '../authorization-server/limits.ts'
import type { AuthorizationServer } from '../authorization-server/server.ts'
import type { PersonRecord } from '../store/people.ts'
import type { Store } from '../store/store.ts'
import { signIn as say } from '../wording/wording.ts'
import type { SignInProvider } from './environment.ts'
import type { ExternalSignIn } from './external-sign-in.ts'
import { browserOf, rememberBrowser } from './known-browsers.ts'
import { type Limited, passwordSignIn } from './password-sign-in.ts'
import type { InteractionLocals, Onward, SignInBy } from './portal-people.ts'

export interface InteractionOptions {
  readonly authorizationServer: AuthorizationServer
  readonly store: Store
  readonly external: ExternalSignIn | undefined
  readonly provider: SignInProvider | undefined
  /** Whose request it is, for limits. */
  readonly address: string | undefined
  /** Whether demo people may sign in by one click. */
  readonly demo: boolean
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** Signing in and consenting, for one request: its cookies say which interaction it is about. */
export function interactionsFor({
  authorizationServer,
  store,
  external,
  provider,
  address,
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

  async function identify(uid: string, by: SignInBy): Promise<PersonRecord | Limited | undefined> {
    if ('demoPerson' in by) return (await demoPeople()).find(({ id }) => id === by.demoPerson)
    if ('ticket' in by) {
      const personId = await external?.redeem(uid, by.ticket)
      return personId === undefined ? undefined : store.people.get(personId)
    }
    return provider === undefined ? byPassword(by.email, by.password) : undefined
  }

  async function byPassword(email: string, password: string): Promise<PersonRecord | Limited | undefined> {
    const attempt = { email, password, address, device: browserOf(request) }
    const result = await passwordSignIn({ store, directory: authorizationServer.directory })(attempt)
    if (result === 'wrong') return undefined
    if ('wait' in result) return result
    rememberBrowser(response, result.device, authorizationServer.issuer.startsWith('https:'))
    return result.person
  }

  /** Of whoever is stopped, so much as tells that it happens. */
  async function recordFailure(by: SignInBy, limited: boolean): Promise<void> {
    const email = 'email' in by ? by.email.slice(0, 200) : undefined
    const stopped = `stopped ${email?.toLowerCase()} from ${limitedAddress(address)}`
    if (limited && !(await store.limits.take(stopped, STOPPED))) return
    await store.audit.append({
      action: 'sign-in.failed',
      ...(email !== undefined && { detail: { email, limited } }),
      ip: address,
    })
  }

  return {
    get: pending,
    provider: provider === undefined ? undefined : new URL(provider.issuer).host,
    demoPeople: async () => (await demoPeople()).map(({ id, name, groups }) => ({ id, name, groups })),

    async signIn(uid, by) {
      if ((await pending(uid))?.kind !== 'sign-in') return undefined
      const person = await identify(uid, by)
      if (person === undefined || 'wait' in person) {
        await recordFailure(by, person !== undefined)
        return { ok: false, message: person === undefined ? say.wrong : say.tooMany(person.wait) }
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
