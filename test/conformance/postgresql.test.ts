import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refresh, signInAndGetTokens } from '../authorization-server/code-flow.ts'
import { Running } from '../authorization-server/running.ts'
import { ownDatabase } from '../store/own-database.ts'
import { ask, verifyAs, webApp } from './apps.ts'

const databaseUrl = await ownDatabase()

const TOKENS = 100
const REFRESHES = 1000

describe('two instances on one PostgreSQL', () => {
  const options = databaseUrl === undefined ? {} : { databaseUrl }
  const one = new Running(options)
  const two = new Running(options)
  beforeAll(async () => {
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
      expect(next.scope).toBe('api:read api:write')
    }
    expect([...one.faults, ...two.faults]).toEqual([])
  })

  it('what one revokes the other denies within two seconds', async () => {
    const flow = await webApp(one)
    const latencies: number[] = []
    for (let round = 0; round < 10; round++) {
      const { tokens } = await signInAndGetTokens(one, flow)
      expect(await verifyAs(two, tokens.access_token)).toMatchObject({ ok: true })
      await one.server.revokeApp(flow.client.client_id)
      const revokedAt = performance.now()
      expect(await verifyAs(one, tokens.access_token)).toMatchObject({ ok: false })
      await expect
        .poll(async () => (await verifyAs(two, tokens.access_token)).ok, { timeout: 2000, interval: 10 })
        .toBe(false)
      latencies.push(Math.round(performance.now() - revokedAt))
    }
    process.stderr.write(`revocation, as the other instance saw it: ${latencies.join(', ')} ms\n`)
  })

  it('what one knows of keys, sign-in and limits the other does', async () => {
    const flow = await webApp(one)
    const { tokens } = await signInAndGetTokens(two, flow)
    expect(await verifyAs(one, tokens.access_token)).toMatchObject({ ok: true })
    expect((await refresh(one, flow, String(tokens.refresh_token))).scope).toBe('api:read api:write')
  })
})
