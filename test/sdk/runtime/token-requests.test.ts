import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AuthenticationError, ConfigurationError } from '../../../sdk-templates/typescript/runtime/errors.ts'
import { HostileServer, json, oauthError } from './hostile-server.ts'
import { many, Robot, robot, thrown } from './robot.ts'

let server: HostileServer

beforeEach(async () => {
  server = await new HostileServer().start()
})
afterEach(() => server.stop())

test('100 cold calls make one token request', async () => {
  server.tokenDelay = 20
  await many(robot(server))
  expect(server.tokenRequests).toHaveLength(1)
  expect(server.apiRequests).toHaveLength(100)
})

test('asks for the scopes of the client, for resource and audience, and authenticates by Basic', async () => {
  await robot(server, { resource: 'https://api.example', audience: 'things' }, ['things:read', 'things:write']).call()
  const [request] = server.tokenRequests
  expect(request?.authorization).toMatch(/^Basic /)
  expect(Object.fromEntries(request?.parameters ?? [])).toMatchObject({
    grant_type: 'client_credentials',
    scope: 'things:read things:write',
    resource: 'https://api.example',
    audience: 'things',
  })
  expect(request?.parameters.has('client_secret')).toBe(false)
})

test('without scopes of its own, a client asks for what the operation needs, and reuses a token that holds more', async () => {
  const client = robot(server)
  await client.call({ scopes: [['a', 'b']] })
  await client.call({ scopes: [['b']] })
  await client.call({ scopes: [['c']] })
  expect(server.tokenRequests.map(({ parameters }) => parameters.get('scope'))).toEqual(['a b', 'c'])
})

test('client_secret_post where it is asked for', async () => {
  await robot(server, { clientAuthentication: 'post' }).call()
  expect(server.tokenRequests[0]?.authorization).toBeUndefined()
  expect(server.tokenRequests[0]?.parameters.get('client_secret')).toBe(server.client.secret)
})

test('a token endpoint in the place of an issuer', async () => {
  const { id, secret } = server.client
  await new Robot({
    clientId: id,
    clientSecret: secret,
    tokenEndpoint: `${server.origin}/token`,
    baseUrl: server.origin,
  }).call()
  expect(server.tokenRequests).toHaveLength(1)
})

test('no token is asked for where anyone may call', async () => {
  await robot(server).call({ scopes: [] })
  expect(server.tokenRequests).toHaveLength(0)
  expect(server.apiRequests[0]?.headers.authorization).toBeUndefined()
})

test('a failed discovery or token request is not kept', async () => {
  server.tokenAnswers = [(response) => oauthError(response, 400, { error: 'temporarily_unavailable' })]
  const client = robot(server)
  expect(await thrown(client.call())).toBeInstanceOf(AuthenticationError)
  await client.call()
})

test('a busy token endpoint is asked again', async () => {
  server.tokenAnswers = [(response) => response.writeHead(503, { 'retry-after': '0' }).end()]
  await robot(server).call()
  expect(server.tokenRequests).toHaveLength(2)
})

test.each<[string, (response: ServerResponse) => unknown, string]>([
  [
    'half a response',
    (response) => response.writeHead(200, { 'content-length': '99' }).write('{"acc'),
    'ConnectionError',
  ],
  [
    'HTML in the place of JSON',
    (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    'AuthenticationError',
  ],
  ['no token in it', (response) => json(response, 200, { token_type: 'bearer' }), 'AuthenticationError'],
  ['a DPoP token', (response) => json(response, 200, { access_token: 'x', token_type: 'DPoP' }), 'AuthenticationError'],
  [
    'a redirect',
    (response) => response.writeHead(307, { location: 'http://evil.example/' }).end(),
    'AuthenticationError',
  ],
  ['429 for an hour', (response) => response.writeHead(429, { 'retry-after': '3600' }).end(), 'AuthenticationError'],
])('a token endpoint that gives %s', async (_, give, name) => {
  server.tokenAnswers = [
    (response) => {
      give(response)
      setTimeout(() => response.destroy(), 50)
    },
  ]
  expect(await thrown(robot(server).call())).toMatchObject({ name })
})

test("metadata of another issuer is nobody's", async () => {
  const issuer = server.origin.replace('127.0.0.1', 'localhost')
  expect(await thrown(robot(server, { issuer }).call())).toMatchObject({ name: 'AuthenticationError' })
  expect(server.tokenRequests).toHaveLength(0)
})

test('a refusal that is no OAuth error is one nevertheless', async () => {
  server.tokenAnswers = [(response) => response.writeHead(403, { 'content-type': 'text/html' }).end('<h1>No')]
  expect(await thrown(robot(server).call())).toMatchObject({ name: 'AuthenticationError', status: 403 })
})

test('one caller who gives up does not stop the others', async () => {
  server.tokenDelay = 50
  const client = robot(server)
  const controller = new AbortController()
  const one = thrown(client.call({}, { options: { signal: controller.signal } }))
  const other = client.call()
  controller.abort(new Error('enough'))
  expect(await one).toMatchObject({ message: 'enough' })
  expect(await other).toEqual({ ok: true })
  expect(server.tokenRequests).toHaveLength(1)
})

test.each([
  ['an insecure issuer', { issuer: 'http://issuer.example' }],
  ['an insecure token endpoint', { tokenEndpoint: 'http://issuer.example/token' }],
])('%s is refused', async (_, options) => {
  expect(await thrown(robot(server, options).call())).toBeInstanceOf(ConfigurationError)
})

test('an insecure API gets no token', () => {
  expect(() => robot(server, { baseUrl: 'http://api.example' })).toThrow(ConfigurationError)
})
