import { refresh, signInAndGetTokens } from '../../authorization-server/code-flow.ts'
import type { Reachable } from '../../authorization-server/running.ts'
import { ask, manage, REDIRECT } from '../apps.ts'
import type { App, Chain, Ledger } from './ledger.ts'

export interface Cast {
  readonly initialAccessToken: string
  readonly people: readonly string[]
  /** Public apps that people sign in to. */
  readonly clients: readonly string[]
}

/**
 * Everything at once, until the server is gone. Only what it answered is noted as done.
 *
 * @param killed when it was
 */
export async function loadUntilItDies(
  server: Reachable,
  ledger: Ledger,
  cast: Cast,
  killed: AbortSignal,
): Promise<void> {
  const signIn = [consent, consent, consent, consent, consent, consent]
  const often = [...signIn, refreshOne, refreshOne, refreshOne, revoke, withdraw]
  const seldom = [register, edit, editInPortal, changePolicies]
  await Promise.all([
    ...often.map((one) => repeat(() => one(server, ledger, cast), 20, killed)),
    ...seldom.map((one) => repeat(() => one(server, ledger, cast), 200, killed)),
  ])
}

/** @param pause milliseconds between two, at most */
async function repeat(work: () => Promise<void>, pause: number, killed: AbortSignal): Promise<void> {
  try {
    while (!killed.aborted) {
      await work()
      await new Promise((resolve) => setTimeout(resolve, Math.random() * pause))
    }
  } catch (error) {
    // The one failure that is expected: nobody is there any more.
    if (!killed.aborted || !isGone(error)) throw error
  }
}

function isGone(error: unknown): boolean {
  return error instanceof TypeError && (error.message === 'fetch failed' || error.message === 'terminated')
}

function expectStatus(what: string, { status, body }: { status: number; body?: unknown }, expected: number): void {
  if (status !== expected) throw new Error(`${what} was answered ${status}: ${JSON.stringify(body)}`)
}

function pick<T>(list: readonly T[]): T | undefined {
  return list[Math.floor(Math.random() * list.length)]
}

let count = 0

async function register(server: Reachable, ledger: Ledger, { initialAccessToken }: Cast): Promise<void> {
  const name = `App ${++count}`
  const json = { client_name: name, sallyport_kind: 'service', sallyport_apis: ['people'] }
  const answer = await ask(server, '/oauth/reg', { json, headers: { authorization: `Bearer ${initialAccessToken}` } })
  expectStatus('A registration', answer, 201)
  ledger.apps.push({ clientId: String(answer.body.client_id), registration: answer.body, names: [name], busy: false })
  ledger.counts.registrations++
}

async function edit(server: Reachable, ledger: Ledger): Promise<void> {
  const app = takeApp(ledger)
  if (app !== undefined) await rename(server, ledger, app, app.registration)
}

/** As the portal does it: with a token that is made for this edit. */
async function editInPortal(server: Reachable, ledger: Ledger): Promise<void> {
  const app = takeApp(ledger)
  if (app === undefined) return
  const { body } = await ask(server, '/door/rename', { query: { client: app.clientId } })
  await rename(server, ledger, app, { ...app.registration, registration_access_token: body.token })
}

function takeApp(ledger: Ledger): App | undefined {
  const app = pick(ledger.apps.slice(-20).filter(({ busy }) => !busy))
  if (app !== undefined) app.busy = true
  return app
}

async function rename(server: Reachable, ledger: Ledger, app: App, as: App['registration']): Promise<void> {
  const name = `Renamed ${++count}`
  app.names = [...app.names, name]
  const answer = await manage(server, as, 'PUT', { client_id: app.clientId, client_name: name })
  expectStatus('An edit', answer, 200)
  app.names = [name]
  app.busy = false
  ledger.counts.edits++
}

/** Signing in takes several requests, and a server that has just started is slow. */
export async function consent(server: Reachable, ledger: Ledger, { people, clients }: Cast): Promise<void> {
  const [personId = '', clientId = ''] = [pick(people), pick(clients)]
  const pair = `${personId} ${clientId}`
  if (taken.has(pair)) return
  taken.add(pair)
  ledger.consents.delete(pair)
  const flow = { client: { client_id: clientId }, redirectUri: REDIRECT, personId }
  const parameters = { scope: 'compensation:read', prompt: 'consent' }
  const { tokens } = await signInAndGetTokens(server, { ...flow, parameters })
  ledger.consents.set(pair, true)
  ledger.chains.push({ personId, clientId, tokens: [String(tokens.refresh_token)], busy: false })
  ledger.counts.consents++
  taken.delete(pair)
}

/** Pairs of person and app that someone is busy with. */
const taken = new Set<string>()

/** Before the server starts again: nobody is busy. */
export function release(ledger: Ledger): void {
  taken.clear()
  for (const one of [...ledger.chains, ...ledger.apps]) one.busy = false
}

function take(ledger: Ledger): Chain | undefined {
  const chain = pick(
    ledger.chains.filter(({ busy, personId, clientId }) => !busy && !taken.has(`${personId} ${clientId}`)),
  )
  if (chain !== undefined) chain.busy = true
  return chain
}

async function refreshOne(server: Reachable, ledger: Ledger): Promise<void> {
  const chain = take(ledger)
  if (chain === undefined) return
  const next = await refresh(server, { client: { client_id: chain.clientId } }, String(chain.tokens.at(-1)))
  chain.tokens.push(String(next.refresh_token))
  chain.busy = false
  ledger.counts.refreshes++
}

async function revoke(server: Reachable, ledger: Ledger): Promise<void> {
  const chain = ledger.isAmple ? take(ledger) : undefined
  if (chain === undefined) return
  // Until it is answered nobody knows.
  ledger.forget(chain)
  const form = { token: String(chain.tokens.at(-1)), client_id: chain.clientId }
  expectStatus('A revocation', await ask(server, '/oauth/token/revocation', { form }), 200)
  ledger.end(chain)
  ledger.counts.revocations++
}

async function withdraw(server: Reachable, ledger: Ledger): Promise<void> {
  const chain = ledger.isAmple ? take(ledger) : undefined
  if (chain === undefined) return
  const pair = `${chain.personId} ${chain.clientId}`
  const all = ledger.chains.filter(({ personId, clientId }) => `${personId} ${clientId}` === pair)
  chain.busy = false
  if (all.some(({ busy }) => busy)) return
  taken.add(pair)
  ledger.consents.delete(pair)
  for (const one of all) ledger.forget(one)
  const query = { person: chain.personId, client: chain.clientId }
  expectStatus('A withdrawal', await ask(server, '/door/withdraw', { query }), 200)
  for (const one of all) ledger.end(one)
  ledger.consents.set(pair, false)
  ledger.counts.withdrawals++
  taken.delete(pair)
}

let revision = 0

async function changePolicies(server: Reachable, ledger: Ledger): Promise<void> {
  const query = { revision: String(++revision) }
  expectStatus('A change of policies', await ask(server, '/door/policies', { query }), 200)
  ledger.policyRevisions.push(revision)
  ledger.counts.policies++
}
