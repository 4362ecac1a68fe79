import { afterEach, beforeEach, expect, test } from 'vitest'
import { deviceCode } from '../../../sdk-templates/typescript/runtime/auth/device-code.ts'
import { MemoryTokenStore } from '../../../sdk-templates/typescript/runtime/auth/token-store.ts'
import { fakeClock } from './clock.ts'
import { HostileServer, oauthError } from './hostile-server.ts'
import { many, Robot, robot, thrown } from './robot.ts'

const elapse = fakeClock()
let server: HostileServer

beforeEach(async () => {
  server = await new HostileServer().start()
})

afterEach(async () => {
  await server.stop()
})

const person = (expiresIn = 3600): Robot => {
  const accessToken = server.issueAccessToken(['things:read'])
  const tokens = { accessToken, refreshToken: server.issueRefreshToken(), expiresAt: Date.now() + expiresIn * 1_000 }
  return robot(server, { token: tokens })
}

test("a caller's set of tokens is used, then refreshed, without a scope", async () => {
  const client = person(60)
  await client.call()
  expect(server.tokenRequests).toHaveLength(0)
  elapse(61)
  await many(client, 10)
  expect(server.tokenRequests).toHaveLength(1)
  expect(server.tokenRequests[0]?.parameters.has('scope')).toBe(false)
})

test('rotation is never raced: each is used once, however many calls wait', async () => {
  const client = person()
  for (let round = 0; round < 4; round++) {
    elapse(3601)
    await many(client, 20)
  }
  expect(server.tokenRequests).toHaveLength(4)
  expect(server.reuseDetected).toBe(false)
})

test('rotation is not raced by a background refresh and a 401 at the same time', async () => {
  const client = person()
  await client.call()
  elapse(3600 * 0.85)
  server.tokenDelay = 30
  server.revokeAll()
  await many(client, 10)
  expect(server.reuseDetected).toBe(false)
  expect(server.tokenRequests).toHaveLength(1)
})

test('clients with one store share the tokens and one refresh', async () => {
  const store = new MemoryTokenStore()
  const { id } = server.client
  const options = { clientId: id, issuer: server.origin, baseUrl: server.origin }
  const key = `${server.origin} ${id} `
  const refreshToken = server.issueRefreshToken()
  const spent = { accessToken: 'spent', refreshToken, issuedAt: 0, expiresAt: 1, generation: 7 }
  await store.set(key, spent, undefined)
  const never = (): never => expect.unreachable()
  const one = new Robot({ ...options, auth: deviceCode({ ...options, store, prompt: never }) })
  await one.call()
  const other = new Robot({ ...options, auth: deviceCode({ ...options, store, prompt: never }) })
  await other.call()
  expect(server.tokenRequests).toHaveLength(1)
  expect(await store.get(key)).toMatchObject({ generation: 8 })
})

test('a refresh token that another process used first: its successor is taken from the store', async () => {
  const store = new MemoryTokenStore()
  const { id } = server.client
  const options = { clientId: id, issuer: server.origin, baseUrl: server.origin }
  const key = `${server.origin} ${id} `
  await store.set(key, { accessToken: 'a', refreshToken: 'used', issuedAt: 0, expiresAt: 1, generation: 1 }, undefined)
  server.tokenAnswers = [
    async (response) => {
      const accessToken = server.issueAccessToken(['things:read'])
      await store.set(key, { accessToken, issuedAt: Date.now(), generation: 2 }, 1)
      oauthError(response, 400, { error: 'invalid_grant' })
    },
  ]
  await new Robot({ ...options, auth: deviceCode({ ...options, store, prompt: () => expect.unreachable() }) }).call()
  expect(server.tokenRequests).toHaveLength(1)
})

test('one that is gone: somebody has to sign in again, and the client does not become itself', async () => {
  const client = person()
  server.tokenAnswers = [(response) => oauthError(response, 400, { error: 'invalid_grant' })]
  elapse(3601)
  expect(await thrown(client.call())).toMatchObject({ name: 'AuthenticationError' })
  expect(server.tokenRequests.map(({ parameters }) => parameters.get('grant_type'))).toEqual(['refresh_token'])
})

test("the server's clock counts for an expiry that the server stated, whatever the client's says", async () => {
  server.skew = 600_000
  const accessToken = server.issueAccessToken(['things:read'])
  const expiresAt = Date.now() + server.skew + 300_000
  const client = robot(server, { token: { accessToken, refreshToken: server.issueRefreshToken(), expiresAt } })
  await client.call()
  elapse(301)
  await client.call()
  expect(server.tokenRequests).toHaveLength(1)
  expect(server.apiRequests.every(({ scopes }) => scopes !== undefined)).toBe(true)
})
