import type { ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { deviceCode } from '../../../sdk-templates/typescript/runtime/auth/device-code.ts'
import { MemoryTokenStore } from '../../../sdk-templates/typescript/runtime/auth/token-store.ts'
import { encodeBinary, encodeJson } from '../../../sdk-templates/typescript/runtime/body.ts'
import {
  AuthenticationError,
  ConfigurationError,
  InsufficientScopeError,
} from '../../../sdk-templates/typescript/runtime/errors.ts'
import { HostileServer, json, oauthError } from './hostile-server.ts'
import { Robot, robot, thrown } from './robot.ts'

let server: HostileServer

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  server = await new HostileServer().start()
})

afterEach(async () => {
  vi.useRealTimers()
  await server.stop()
})

const elapse = (seconds: number): void => {
  vi.setSystemTime(Date.now() + seconds * 1_000)
}
const many = (client: Robot, count = 100): Promise<unknown[]> =>
  Promise.all(Array.from({ length: count }, () => client.call()))
describe('getting tokens', () => {
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
    [
      'a DPoP token',
      (response) => json(response, 200, { access_token: 'x', token_type: 'DPoP' }),
      'AuthenticationError',
    ],
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
})

describe('replacing tokens', () => {
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
      client.call(
        { method: 'PUT', body: { encode: encodeBinary, type: 'application/octet-stream' } },
        { body: stream },
      ),
    )
    expect(error).toBeInstanceOf(AuthenticationError)
    expect(server.apiRequests).toHaveLength(2)
  })
})

describe('refresh tokens', () => {
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
    await store.set(
      key,
      { accessToken: 'a', refreshToken: 'used', issuedAt: 0, expiresAt: 1, generation: 1 },
      undefined,
    )
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
})

describe('supplied tokens', () => {
  test('a function is asked, and told when its token was refused', async () => {
    const supplied = [server.issueAccessToken([]), server.issueAccessToken([])]
    const asked: boolean[] = []
    const client = new Robot({
      baseUrl: server.origin,
      token: ({ refused }) => {
        asked.push(refused)
        return (refused ? supplied[1] : supplied[0]) ?? ''
      },
    })
    await client.call()
    server.revokeAll()
    supplied[1] = server.issueAccessToken([])
    await client.call()
    expect(asked).toEqual([false, false, true])
  })

  test('a fixed token that is refused', async () => {
    expect(await thrown(new Robot({ baseUrl: server.origin, token: 'nonsense' }).call())).toBeInstanceOf(
      AuthenticationError,
    )
    expect(server.apiRequests).toHaveLength(1)
  })
})

describe('too little', () => {
  test('403 insufficient_scope says what is required, granted and missing', async () => {
    server.grantedScopes = ['things:read']
    server.api = (_, response) => {
      response.setHeader('www-authenticate', 'Bearer error="insufficient_scope", scope="things:read things:admin"')
      json(response, 403, { title: 'Forbidden' })
    }
    const error = await thrown(robot(server).call())
    expect(error).toBeInstanceOf(InsufficientScopeError)
    expect(error).toMatchObject({
      status: 403,
      required: ['things:read', 'things:admin'],
      granted: ['things:read'],
      missing: ['things:admin'],
      requestId: 'req-1',
    })
    expect(server.tokenRequests).toHaveLength(1)
  })

  test('the same where the challenge can not be read', async () => {
    server.grantedScopes = ['other']
    server.api = (_, response) => json(response, 403, { title: 'Forbidden' })
    expect(await thrown(robot(server).call())).toMatchObject({
      name: 'InsufficientScopeError',
      missing: ['things:read'],
    })
  })

  test('403 for another reason is no matter of scopes', async () => {
    server.api = (_, response) => json(response, 403, { title: 'Forbidden' })
    expect(await thrown(robot(server).call())).toMatchObject({ name: 'ForbiddenError' })
  })
})

describe('secrets', () => {
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
})
