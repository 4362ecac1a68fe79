import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { encodeBinary, encodeJson } from '../../../sdk-templates/typescript/runtime/body.ts'
import { AuthenticationError } from '../../../sdk-templates/typescript/runtime/errors.ts'
import { fakeClock } from './clock.ts'
import { HostileServer, json, oauthError } from './hostile-server.ts'
import { many, robot, thrown } from './robot.ts'

const elapse = fakeClock()
let server: HostileServer

beforeEach(async () => {
  server = await new HostileServer().start()
})

afterEach(async () => {
  await server.stop()
})

test('an expired one is replaced before the call', async () => {
  const client = robot(server)
  await client.call()
  elapse(3601)
  await client.call()
  expect(server.tokenRequests).toHaveLength(2)
  expect(server.apiRequests.every(({ scopes }) => scopes !== undefined)).toBe(true)
})

test('100 calls over an expiry make one request', async () => {
  const client = robot(server)
  await client.call()
  elapse(3599)
  server.tokenDelay = 20
  await many(client)
  expect(server.tokenRequests).toHaveLength(2)
  expect(server.apiRequests).toHaveLength(101)
})

test('in the last fifth of its life it is replaced in the background, and nobody waits', async () => {
  const client = robot(server)
  await client.call()
  elapse(3600 * 0.85)
  server.tokenDelay = 200
  const start = performance.now()
  await many(client, 10)
  expect(performance.now() - start).toBeLessThan(200)
  await vi.waitFor(() => expect(server.tokenRequests).toHaveLength(2))
})

test('a background refresh that fails harms no call', async () => {
  const client = robot(server)
  await client.call()
  elapse(3600 * 0.85)
  server.tokenAnswers = [(response) => oauthError(response, 400, { error: 'server_error' })]
  await client.call()
  await vi.waitFor(() => expect(server.tokenRequests).toHaveLength(2))
  await client.call()
  expect(server.tokenRequests).toHaveLength(2)
})

test('a server that says no lifetime: the token lives until it is refused', async () => {
  server.expiresIn = undefined
  const client = robot(server)
  await client.call()
  server.revokeAll()
  await client.call()
  expect(server.tokenRequests).toHaveLength(2)
})

test('a 401 is answered once with another token, for a POST as well', async () => {
  const client = robot(server)
  await client.call()
  server.revokeAll()
  await client.call({ method: 'POST', body: { encode: encodeJson, type: 'application/json' } }, { body: { a: 1 } })
  expect(server.tokenRequests).toHaveLength(2)
  expect(server.apiRequests.slice(1).map(({ body }) => body)).toEqual(['{"a":1}', '{"a":1}'])
})

test('a 401 for every token is not answered for ever', async () => {
  server.api = (_, response) => json(response.setHeader('www-authenticate', 'Bearer error="invalid_token"'), 401, {})
  const error = await thrown(robot(server).call())
  expect(error).toBeInstanceOf(AuthenticationError)
  expect(error).toMatchObject({ status: 401, code: 'invalid_token', requestId: 'req-1' })
  expect(server.apiRequests).toHaveLength(2)
  expect(server.tokenRequests).toHaveLength(2)
})

test('staggered 401s for one token make one new token', async () => {
  const client = robot(server)
  await client.call()
  server.revokeAll()
  const slow = server.api
  let turn = 0
  server.api = async (request, response) => {
    await new Promise((resolve) => setTimeout(resolve, 5 * turn++))
    return slow(request, response)
  }
  await many(client, 20)
  expect(server.tokenRequests).toHaveLength(2)
})

test('a late 401 for an old token does not cost the new one', async () => {
  const client = robot(server)
  await client.call()
  let late: () => void = () => undefined
  const gate = new Promise<void>((resolve) => {
    late = resolve
  })
  server.hold = gate
  const slow = client.call()
  await vi.waitFor(() => expect(server.apiRequests).toHaveLength(2))
  server.revokeAll()
  server.hold = undefined
  await client.call()
  expect(server.tokenRequests).toHaveLength(2)
  late()
  await slow
  await client.call()
  expect(server.tokenRequests).toHaveLength(2)
})

test('a call is replayed once in its life, however often it is retried', async () => {
  const client = robot(server, { maxRetries: 5 })
  let turn = 0
  server.api = (_, response) =>
    ++turn === 2
      ? response.writeHead(503, { 'retry-after': '0' }).end()
      : json(response.setHeader('www-authenticate', 'Bearer error="invalid_token"'), 401, {})
  expect(await thrown(client.call())).toMatchObject({ status: 401 })
  expect(server.apiRequests).toHaveLength(3)
})

test('a replay is not counted among the retries', async () => {
  const client = robot(server, { maxRetries: 0 })
  await client.call()
  server.revokeAll()
  await client.call()
})

test('a body that is a stream is not sent twice', async () => {
  const client = robot(server)
  await client.call()
  server.revokeAll()
  const stream = new Blob(['x']).stream()
  const error = await thrown(
    client.call({ method: 'PUT', body: { encode: encodeBinary, type: 'application/octet-stream' } }, { body: stream }),
  )
  expect(error).toBeInstanceOf(AuthenticationError)
  expect(server.apiRequests).toHaveLength(2)
})
