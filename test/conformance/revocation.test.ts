import { afterAll, beforeAll, expect, it } from 'vitest'
import { Running } from '../authorization-server/running.ts'
import { ask, basic } from './apps.ts'
import { type Held, newsroom, revocationsOn } from './revocations.ts'

const running = new Running()
running.models = [newsroom]
const { hold, revocations } = revocationsOn(running)
const latencies: string[] = []
beforeAll(async () => {
  await running.start()
  // The API: what enforces at the sandbox and at /enforce asks the same function.
  running.handlers.set('/api', async (request, response) => {
    const token = request.headers.authorization?.slice('Bearer '.length) ?? ''
    response.statusCode = (await running.server.verify(token, running.resource('publishing'))).ok ? 200 : 401
    response.end()
  })
})
afterAll(() => {
  process.stdout.write(`Revoked, refused at the next request (ms from the answer):\n${latencies.join('\n')}\n`)
  return running.stop()
})

async function call(token: string): Promise<number> {
  const response = await fetch(`${running.url}/api`, { headers: { authorization: `Bearer ${token}` } })
  await response.arrayBuffer()
  return response.status
}

/** What the next refresh comes to: `invalid_grant`, or the scope of another token. */
async function nextRefresh({ client, refreshToken }: Held): Promise<string> {
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken }
  const { body } = await ask(running, '/oauth/token', { form, headers: basic(client) })
  return String(body.error ?? body.scope)
}

it.each(revocations)('$what, revoked, is refused at the next request', async ({ what, revoke, next }) => {
  const [held, bystander] = [await hold(), await hold()]
  expect(await call(held.accessToken)).toBe(200)
  await revoke(held)
  const from = performance.now()
  expect(await call(held.accessToken)).toBe(401)
  latencies.push(`${(performance.now() - from).toFixed(1).padStart(8)}  ${what}`)
  expect(await call(bystander.accessToken)).toBe(200)
  expect(await nextRefresh(held)).toBe(next)
})

it('had no fault of its own in all this', () => {
  expect(running.faults).toEqual([])
})
