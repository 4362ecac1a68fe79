import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AuthenticationError } from '../../../sdk-templates/typescript/runtime/errors.ts'
import { HostileServer, json } from './hostile-server.ts'
import { Robot, robot, thrown } from './robot.ts'

let server: HostileServer

beforeEach(async () => {
  server = await new HostileServer().start()
})
afterEach(() => server.stop())

const everything = (value: unknown): string =>
  [
    String(value),
    JSON.stringify(value),
    inspect(value, { depth: 20, showHidden: true }),
    (value as Error).stack ?? '',
  ].join('\n')

test('a wrong secret is an AuthenticationError that does not hold it', async () => {
  const clientSecret = 'wr0ng-&-secret/value'
  const error = await thrown(robot(server, { clientSecret }).call())
  expect(error).toBeInstanceOf(AuthenticationError)
  expect(error).toMatchObject({ code: 'invalid_client', status: 401 })
  expect(everything(error)).not.toContain(clientSecret)
  expect(everything(error)).not.toContain(encodeURIComponent(clientSecret))
  expect(everything(error)).not.toContain(Buffer.from(`${server.client.id}:`).toString('base64').slice(0, 8))
})

test('a refresh token that the server echoes is not repeated', async () => {
  const refreshToken = 'refresh-token-that-is-unknown'
  const client = new Robot({
    baseUrl: server.origin,
    issuer: server.origin,
    clientId: server.client.id,
    token: { accessToken: 'x', refreshToken, expiresAt: 1 },
  })
  expect(everything(await thrown(client.call()))).not.toContain(refreshToken)
})

test('an access token that the API echoes is not repeated', async () => {
  const token = 'access-token-that-is-unknown'
  expect(everything(await thrown(new Robot({ baseUrl: server.origin, token }).call()))).not.toContain(token)
  server.api = (request, response) => json(response, 400, { detail: request.headers.authorization })
  const error = await thrown(robot(server).call())
  expect(everything(error)).toContain('Bearer [redacted]')
})

test('neither secret nor token can be printed', async () => {
  const client = robot(server)
  await client.call()
  expect(everything(client)).not.toContain(server.client.secret)
  expect(everything(client)).not.toMatch(/access-\d/)
})
