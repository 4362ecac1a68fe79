import { setTimeout as sleep } from 'node:timers/promises'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { people } from '../authorization-server/api-models.ts'
import { refresh, signInAndGetTokens } from '../authorization-server/code-flow.ts'
import { startDevice } from '../authorization-server/device.ts'
import { Running } from '../authorization-server/running.ts'
import { ownDatabase } from '../store/own-database.ts'
import { ask, verifyAs, webApp } from './apps.ts'
import { type Held, newsroom, type Revocation, revocationsOn } from './revocations.ts'

const databaseUrl = await ownDatabase()

const TOKENS = 100
const REFRESHES = 1000
/** Of each kind; those who sign in at once; and milliseconds over which revocations are spread. */
const [REVOCATIONS, TOGETHER, SPREAD] = [50, 10, 10_000]

describe('two instances on one PostgreSQL', () => {
  const options = databaseUrl === undefined ? {} : { databaseUrl }
  const one = new Running(options)
  const two = new Running(options)
  beforeAll(async () => {
    for (const instance of [one, two]) instance.models = [people, newsroom]
    await one.start()
    two.publicUrl = one.publicUrl
    await two.start()
  })
  afterAll(async () => {
    await Promise.all([one.stop(), two.stop()])
  })

  it(`${REFRESHES} parallel refreshes of ${TOKENS} tokens: one successor each, and nothing is lost`, {
    timeout: 240_000,
  }, async () => {
    const flow = await webApp(one, { sallyport_kind: 'single-page' })
    const { client_id } = flow.client
    const tokens: string[] = []
    for (let i = 0; i < TOKENS; i++) {
      const { tokens: got } = await signInAndGetTokens(one, { ...flow, authentication: oauth.None() })
      tokens.push(String(got.refresh_token))
    }
    const results = await Promise.all(
      Array.from({ length: REFRESHES }, async (_, i) => {
        const token = String(tokens[i % TOKENS])
        const form = { grant_type: 'refresh_token', refresh_token: token, client_id }
        const { status, body } = await ask(i % 2 === 0 ? one : two, '/oauth/token', { form })
        return { token, status, next: body.refresh_token }
      }),
    )
    expect(results.filter(({ status }) => status !== 200)).toEqual([])
    const successors = Map.groupBy(results, ({ token }) => token)
    for (const [, of] of successors) expect(new Set(of.map(({ next }) => next)).size).toBe(1)
    for (const [, [first]] of successors) {
      const next = await refresh(two, { client: flow.client }, String(first?.next))
      expect(next.scope).toBe('api:read')
    }
    expect([...one.faults, ...two.faults]).toEqual([])
  })

  it(`what one revokes, ${REVOCATIONS} of each kind, the other denies within two seconds`, {
    timeout: 240_000,
  }, async () => {
    const { hold, revocations } = revocationsOn(one)
    const held: [Revocation, Held][] = []
    for (const revocation of revocations)
      for (let i = 0; i < REVOCATIONS; i += TOGETHER)
        for (const tokens of await Promise.all(Array.from({ length: TOGETHER }, hold))) held.push([revocation, tokens])
    const isGood = async ({ accessToken }: Held) => (await verifyAs(two, accessToken)).ok
    for (const [, tokens] of held) expect(await isGood(tokens)).toBe(true)
    const measured = await Promise.all(
      held.map(async ([{ what, revoke }, tokens]) => {
        await sleep(Math.random() * SPREAD)
        await revoke(tokens)
        const from = performance.now()
        while (await isGood(tokens)) await sleep(10)
        return { what, latency: Math.round(performance.now() - from) }
      }),
    )
    const table = [...Map.groupBy(measured, ({ what }) => what)].map(([what, of]) => {
      const sorted = of.map(({ latency }) => latency).sort((a, b) => a - b)
      return `${String(sorted[sorted.length >> 1]).padStart(6)} ${String(sorted.at(-1)).padStart(6)}  ${what}`
    })
    process.stderr.write(`Revoked here, denied there: half of them within, all within (ms)\n${table.join('\n')}\n`)
    expect(Math.max(...measured.map(({ latency }) => latency))).toBeLessThanOrEqual(2000)
  })

  it('what one knows of keys, sign-in and limits the other does', async () => {
    const flow = await webApp(one)
    const { tokens } = await signInAndGetTokens(two, flow)
    expect(await verifyAs(one, tokens.access_token)).toMatchObject({ ok: true })
    expect((await refresh(one, flow, String(tokens.refresh_token))).scope).toBe('api:read')
    const { client, code } = await startDevice(one)
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
    const form = { grant_type, client_id: client.client_id, device_code: code.device_code }
    const poll = async (instance: Running) => (await ask(instance, '/oauth/token', { form })).body.error
    expect([await poll(one), await poll(two)]).toEqual(['authorization_pending', 'slow_down'])
  })
})
