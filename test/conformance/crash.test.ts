import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as oauth from 'oauth4webapi'
import { afterAll, expect, it } from 'vitest'
import { KEPT_REVISIONS } from '../../src/store/policies.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { insecure, type Reachable } from '../authorization-server/running.ts'
import { freePort } from '../bench/process.ts'
import { ownDatabase } from '../store/own-database.ts'
import { ask, manage, REDIRECT } from './apps.ts'
import { Ledger } from './crash/ledger.ts'
import { type Cast, consent, loadUntilItDies, release } from './crash/load.ts'

/** What differs between the engines needs fewer. */
const ROUNDS = process.env.TEST_POSTGRESQL === undefined ? 50 : 10
/**
 * What is acknowledged before the server is killed: so much at least, so much more at most, and one kind of work, another each
 * round, once at least. Counted, as seconds would say little on a slow machine.
 */
const [LIFE, LONGER] = [10, 30]
/** Milliseconds, at most, from there to the kill. */
const LATER = 40

const databaseUrl = await ownDatabase()
const dataDir = mkdtempSync(join(tmpdir(), 'sallyport-crash-'))
const port = await freePort()
const url = `http://127.0.0.1:${port}`
const ledger = new Ledger()
let metadata: oauth.AuthorizationServer | undefined
const server: Reachable = {
  url,
  publicUrl: url,
  async metadata() {
    const issuer = new URL(`${url}/oauth`)
    metadata ??= await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, { ...insecure, algorithm: 'oauth2' }),
    )
    return metadata
  },
}
const KINDS = Object.keys(ledger.counts) as (keyof Ledger['counts'])[]
const children = new Set<ChildProcess>()

afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})

it(`kill -9 at random moments, ${ROUNDS} times: whatever was acknowledged is there, and no refresh token works twice`, {
  timeout: 300_000,
}, async () => {
  let next = prepare()
  const cast = await onTheDatabase(assemble)
  for (let round = 1; round <= ROUNDS; round++) {
    const { child, prepared } = next
    await prepared
    child.send('start')
    await once(child, 'message')
    if (round === 1) {
      await registerClients(cast)
      for (let i = 0; i < 20; i++) await consent(server, ledger, cast)
    }
    // The next one loads its modules meanwhile.
    next = prepare()
    if (round > 1) await checkTokens()
    const before = { ...ledger.counts }
    const started = performance.now()
    const kind = KINDS[round % KINDS.length] ?? 'refreshes'
    const life = ledger.total + LIFE + Math.floor(Math.random() * LONGER)
    const killed = new AbortController()
    const load = loadUntilItDies(server, ledger, cast, killed.signal)
    while (ledger.total < life || ledger.counts[kind] === before[kind]) await sleep(1)
    await sleep(Math.random() * LATER)
    const lived = Math.round(performance.now() - started)
    killed.abort()
    child.kill('SIGKILL')
    await Promise.all([load, once(child, 'exit')])
    children.delete(child)
    release(ledger)
    const verified = await onTheDatabase(checkRecords)
    const done = KINDS.map((what) => `${ledger.counts[what] - before[what]} ${what}`)
    process.stderr.write(`round ${round}: killed after ${lived} ms; ${done.join(', ')}; ${verified}\n`)
  }
  process.stderr.write(`acknowledged in all: ${JSON.stringify(ledger.counts)}\n`)
  for (const what of KINDS) expect(ledger.counts[what], what).toBeGreaterThanOrEqual(ROUNDS / KINDS.length)
})

function prepare() {
  const child = fork(join(import.meta.dirname, 'crash/server.ts'), [String(port), dataDir, databaseUrl ?? ''], {
    execArgv: [],
  })
  children.add(child)
  return { child, prepared: once(child, 'message') }
}

async function onTheDatabase<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ dataDir, ...(databaseUrl !== undefined && { databaseUrl }) })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

async function assemble(store: Store): Promise<Cast & { clients: string[] }> {
  const people: string[] = []
  for (let i = 0; i < 10; i++) people.push((await store.people.add({ email: `p${i}@example.com`, name: `P${i}` })).id)
  const expiresAt = Math.floor(Date.now() / 1000) + 3600
  const [ownerId = ''] = people
  const initialAccessToken = await store.initialAccessTokens.mint({ ownerId, name: 'load', apis: [], expiresAt })
  return { initialAccessToken, people, clients: [] }
}

async function registerClients({ initialAccessToken, clients }: Cast & { clients: string[] }): Promise<void> {
  for (let i = 0; i < 5; i++) {
    const json = { client_name: `Page ${i}`, sallyport_kind: 'single-page', sallyport_apis: ['people'] }
    const { body } = await ask(server, '/oauth/reg', {
      json: { ...json, redirect_uris: [REDIRECT] },
      headers: { authorization: `Bearer ${initialAccessToken}` },
    })
    clients.push(String(body.client_id))
  }
}

/** What the dead server left. */
async function checkRecords(store: Store): Promise<string> {
  for (const { clientId, names } of ledger.apps) {
    const client = await store.clients.get(clientId)
    expect(names, `app ${clientId}`).toContain(client?.name)
    expect(client?.payload.client_name).toBe(client?.name)
  }
  for (const [pair, agreed] of ledger.consents) {
    const [personId = '', clientId = ''] = pair.split(' ')
    const scopes = (await store.consents.list({ personId, clientId })).flatMap((consent) => consent.scopes)
    expect(scopes, `consent ${pair}`).toEqual(agreed ? ['compensation:read'] : [])
  }
  const revisions = (await store.policies.history('crash')).map(({ revision }) => revision)
  const kept = ledger.policyRevisions.filter((revision) => revision > Math.max(0, ...revisions) - KEPT_REVISIONS)
  expect(revisions).toEqual(expect.arrayContaining(kept))
  const written = async (action: string) => (await store.audit.list({ action, limit: 1_000_000 })).length
  expect(await written('token.refreshed')).toBeGreaterThanOrEqual(ledger.counts.refreshes)
  expect(await written('client.registered')).toBeGreaterThanOrEqual(ledger.counts.registrations)
  expect(await written('client.updated')).toBeGreaterThanOrEqual(ledger.counts.edits)
  return `${ledger.apps.length} apps, ${ledger.consents.size} consents, ${revisions.length} policies there`
}

/** At most so many of each are tried out between two rounds. */
const SAMPLE = 8

/** What the next server makes of it. */
async function checkTokens(): Promise<void> {
  const use = (chain: { readonly clientId: string }, token: string | undefined) =>
    ask(server, '/oauth/token', {
      form: { grant_type: 'refresh_token', client_id: chain.clientId, refresh_token: String(token) },
    })
  for (const app of ledger.apps.slice(-SAMPLE)) {
    const { status, body } = await manage(server, app.registration, 'GET')
    expect(status).toBe(200)
    app.names = [String(body.client_name)]
  }
  for (const chain of ledger.ended.splice(0).slice(-SAMPLE))
    for (const token of chain.tokens.slice(-2)) expect((await use(chain, token)).status).toBe(400)
  for (const chain of ledger.chains.slice(-SAMPLE)) {
    // It was used before the crash perhaps, and the answer lost; then, too, it has one successor.
    const answers = await Promise.all([use(chain, chain.tokens.at(-1)), use(chain, chain.tokens.at(-1))])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    const [one, two] = answers.map(({ body }) => String(body.refresh_token))
    expect(one).toBe(two)
    chain.tokens.push(String(one))
  }
  // Those that are used up stay so, after which whoever tries may have ended the chain.
  if (!ledger.isAmple) return
  for (const chain of ledger.chains.filter(({ tokens }) => tokens.length > 3).slice(0, 1)) {
    for (const token of chain.tokens.slice(0, -2)) expect((await use(chain, token)).status).toBe(400)
    ledger.forget(chain)
  }
}
