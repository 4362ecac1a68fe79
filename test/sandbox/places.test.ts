import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setupServer } from 'msw/node'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Sandbox } from '../../src/sandbox/engine.ts'
import { sandboxHandlers } from '../../src/sandbox/handlers.ts'
import { nodeHandler } from '../../src/sandbox/node.ts'
import { replay } from './recorded-session.ts'
import { BASE, demo, ORIGIN, requestOf, sandboxOf } from './sandbox.ts'
import { SUBJECTS } from './subjects.ts'

async function served(sandbox: Sandbox): Promise<string> {
  const server = createServer(nodeHandler(sandbox)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** In a browser it answers the same session: test/e2e/places.test.ts. */
describe.each(await SUBJECTS)('the recorded session of $name', ({ model, data, session }) => {
  const fresh = () => sandboxOf(model, { data })
  const directly = () => {
    const sandbox = fresh()
    return replay(session, ORIGIN, (request) => sandbox.fetch(request))
  }

  it('is answered as expected', async () => {
    const wrong = (await directly()).filter(({ status, expected }) => status !== expected)
    expect(wrong.map(({ call, status, body }) => [call, status, atob(body)])).toEqual([])
  })

  it('is answered alike over HTTP', async () => {
    expect(await replay(session, await served(fresh()), fetch)).toEqual(await directly())
  })

  it('is answered alike in a test suite, by MSW', async () => {
    const server = setupServer(...sandboxHandlers(fresh(), ORIGIN, BASE))
    server.listen({ onUnhandledFrame: 'error' })
    onTestFinished(() => server.close())
    expect(await replay(session, ORIGIN, fetch)).toEqual(await directly())
  })
})

it('compresses over HTTP what is worth it, for who takes it', async () => {
  const { model, data } = await demo('people')
  const origin = await served(sandboxOf(model, { data }))
  const list = (coding: string) =>
    fetch(requestOf('/employees', { token: 'app~employees:read', headers: { 'accept-encoding': coding } }, origin))
  const [zipped, plain] = [await list('gzip'), await list('identity')]
  expect(zipped.headers.get('content-encoding')).toBe('gzip')
  expect(zipped.headers.get('vary')).toBe('Accept-Encoding')
  expect(plain.headers.get('content-encoding')).toBeNull()
  expect(await zipped.json()).toEqual(await plain.json())
  expect((await list('gzip;q=0')).headers.get('content-encoding')).toBeNull()
})
