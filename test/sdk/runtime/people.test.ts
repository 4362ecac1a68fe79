import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  type Auth,
  authorizationCode,
  clientCredentials,
  deviceCode,
  finishSignIn,
  type GrantOptions,
  loopback,
  MemoryTokenStore,
  privateKeyJwt,
  refreshToken,
  signIn,
  signOut,
  startSignIn,
} from '../../../sdk-templates/typescript/runtime/auth/index.ts'
import { HostileServer, oauthError } from './hostile-server.ts'
import { Robot, thrown } from './robot.ts'

let server: HostileServer

beforeEach(async () => {
  server = await new HostileServer().start()
})
afterEach(async () => {
  vi.unstubAllGlobals()
  await server.stop()
})

const client = (): GrantOptions => ({ clientId: server.client.id, issuer: server.origin })
const robotWith = (auth: Auth, scopes = ['things:read']): Robot => new Robot({ auth, baseUrl: server.origin }, scopes)
const grants = (): (string | null)[] => server.tokenRequests.map(({ parameters }) => parameters.get('grant_type'))

describe('device code', () => {
  test('the person is shown a code, and the program waits at the pace of the server', async () => {
    const prompt = vi.fn()
    server.tokenAnswers = [1, 2].map(() => (response) => oauthError(response, 400, { error: 'authorization_pending' }))
    const robot = robotWith(deviceCode({ ...client(), prompt }))
    await Promise.all([robot.call(), robot.call()])
    expect(prompt.mock.calls).toEqual([
      [
        {
          verificationUri: `${server.origin}/activate`,
          verificationUriComplete: undefined,
          userCode: 'WDJB-MJHT',
          expiresIn: 600,
        },
      ],
    ])
    expect(server.tokenRequests).toHaveLength(3)
    expect(server.apiRequests.map(({ scopes }) => scopes)).toEqual([['things:read'], ['things:read']])
  })

  test('a person who refuses is an error', async () => {
    server.person = 'refuses'
    expect(await thrown(robotWith(deviceCode({ ...client(), prompt: () => undefined })).call())).toMatchObject({
      name: 'AuthenticationError',
      code: 'access_denied',
    })
  })
})

describe('loopback', () => {
  /** A browser, as far as a redirect needs one. */
  const browse = (url: string): void => {
    fetch(url).catch(() => undefined)
  }

  test('code with PKCE, then refresh tokens', async () => {
    server.expiresIn = 0
    const robot = robotWith(loopback({ ...client(), open: browse }))
    await robot.call({ scopes: [] })
    await signIn(robot)
    await signIn(robot)
    expect(grants()).toEqual(['authorization_code', 'refresh_token'])
    expect(server.tokenRequests[0]?.parameters.get('code_verifier')).toMatch(/^[\w-]{43,}$/)
    expect(server.reuseDetected).toBe(false)
  })

  test("an answer that isn't ours is none: another state, another issuer", async () => {
    for (const change of [{ state: 'other' }, { iss: 'https://evil.example' }]) {
      const open = async (address: string): Promise<void> => {
        const { headers } = await fetch(address, { redirect: 'manual' })
        const back = new URL(headers.get('location') ?? '')
        for (const [name, value] of Object.entries(change)) back.searchParams.set(name, value)
        await fetch(back)
      }
      const robot = robotWith(loopback({ ...client(), open: (address) => void open(address) }))
      expect(await thrown(robot.call())).toMatchObject({ name: 'AuthenticationError' })
    }
    expect(server.tokenRequests).toHaveLength(0)
  })

  test('a person who refuses, and one who never comes', async () => {
    server.person = 'refuses'
    expect(await thrown(robotWith(loopback({ ...client(), open: browse })).call())).toMatchObject({
      code: 'access_denied',
    })
    const nobody = loopback({ ...client(), open: () => undefined, patience: 20 })
    expect(await thrown(robotWith(nobody).call())).toMatchObject({ message: 'Nobody signed in' })
  })
})

test('browser redirect: leaves with PKCE, comes back with a code, and the code leaves the address', async () => {
  const kept = new Map<string, string>()
  const left: URL[] = []
  const replaced: URL[] = []
  const page = { href: 'https://app.example/back?tab=1', assign: (url: URL) => left.push(url) }
  vi.stubGlobal('location', page)
  vi.stubGlobal('history', { state: null, replaceState: (_: unknown, __: string, url: URL) => replaced.push(url) })
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  })
  const auth = authorizationCode({ ...client(), redirectUri: 'https://app.example/back' })
  void robotWith(auth).call()
  await vi.waitFor(() => expect(left).toHaveLength(1))
  expect(Object.fromEntries(left[0]?.searchParams ?? [])).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    scope: 'things:read',
    redirect_uri: 'https://app.example/back',
  })
  const { headers } = await fetch(left[0] ?? '', { redirect: 'manual' })
  page.href = headers.get('location') ?? ''
  const robot = robotWith(auth)
  await signIn(robot)
  await robot.call()
  expect(server.apiRequests[0]?.scopes).toEqual(['things:read'])
  expect(replaced.map(({ href }) => href)).toEqual(['https://app.example/back'])
  expect(kept.size).toBe(0)
})

test('private_key_jwt: the client signs who it is, and has no secret', async () => {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
  server.clientKey = publicKey
  await robotWith(clientCredentials({ ...client(), clientAuthentication: privateKeyJwt(privateKey, 'k1') })).call()
  expect(server.tokenRequests[0]?.parameters.has('client_secret')).toBe(false)
  expect(server.apiRequests[0]?.scopes).toEqual(['things:read'])
})

describe('sign-out', () => {
  test('revokes the refresh token, forgets everything, and the next call starts anew', async () => {
    const store = new MemoryTokenStore()
    const robot = robotWith(deviceCode({ ...client(), store, prompt: () => undefined }))
    await robot.call()
    await signOut(robot)
    expect(server.revoked).toEqual([expect.stringMatching(/^refresh-/)])
    expect(await store.get(`${server.origin} ${server.client.id} `)).toBeUndefined()
    await robot.call()
    expect(grants().filter((grant) => grant?.includes('device_code'))).toHaveLength(2)
  })

  test('a refresh that is under way brings nothing back', async () => {
    const tokens = { accessToken: 'spent', refreshToken: server.issueRefreshToken(), expiresAt: 1 }
    const robot = robotWith(refreshToken({ ...client(), tokens }))
    server.tokenDelay = 50
    const call = robot.call()
    await vi.waitFor(() => expect(server.tokenRequests).toHaveLength(1))
    await signOut(robot)
    await call
    expect(await thrown(robot.call())).toMatchObject({ message: expect.stringContaining('sign in again') })
  })

  test('of a client that has only its store yet', async () => {
    const store = new MemoryTokenStore()
    const auth = (): Auth => deviceCode({ ...client(), store, prompt: () => undefined })
    await robotWith(auth()).call()
    await signOut(robotWith(auth()))
    expect(server.revoked).toHaveLength(1)
  })

  test('tokens are forgotten also where they can not be revoked', async () => {
    const robot = robotWith(deviceCode({ ...client(), prompt: () => undefined }))
    await robot.call()
    const { origin } = server
    await server.stop()
    expect(await thrown(signOut(robot))).toMatchObject({ name: 'ConnectionError' })
    server = await new HostileServer().start()
    expect(server.origin).not.toBe(origin)
    expect(await thrown(robot.call({ scopes: [['x']] }))).toMatchObject({ name: 'ConnectionError' })
  })
})

describe('on a server', () => {
  const app = (): Robot =>
    new Robot(
      { clientId: server.client.id, clientSecret: server.client.secret, issuer: server.origin, baseUrl: server.origin },
      ['things:read'],
    )
  const redirectUri = 'https://app.example/back'
  const visit = async (url: string): Promise<string> =>
    (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? ''

  test('a person is sent away, comes back, and their tokens are for a client of their own', async () => {
    const { url, pending } = await startSignIn(app(), redirectUri)
    expect(url).not.toContain((JSON.parse(pending) as { verifier: string }).verifier)
    const token = await finishSignIn(app(), await visit(url), pending)
    expect(token).toMatchObject({ accessToken: expect.any(String), refreshToken: expect.any(String) })
    const { id, secret } = server.client
    await new Robot({ clientId: id, clientSecret: secret, issuer: server.origin, baseUrl: server.origin, token }).call()
    expect(server.apiRequests.map(({ scopes }) => scopes)).toEqual([['things:read']])
    expect(grants()).toEqual(['authorization_code'])
  })

  test('an answer to another sign-in, to none, or a refusal is no sign-in', async () => {
    const first = await startSignIn(app(), redirectUri)
    const back = await visit(first.url)
    const { pending } = await startSignIn(app(), redirectUri)
    expect(await thrown(finishSignIn(app(), back, pending))).toMatchObject({ name: 'AuthenticationError' })
    expect(await thrown(finishSignIn(app(), back, undefined))).toMatchObject({ message: 'Nobody is signing in here' })
    server.person = 'refuses'
    const refused = await startSignIn(app(), redirectUri)
    expect(await thrown(finishSignIn(app(), await visit(refused.url), refused.pending))).toMatchObject({
      code: 'access_denied',
    })
    expect(server.tokenRequests).toHaveLength(0)
  })

  test('a client without an app of its own can not', async () => {
    const client = new Robot({ baseUrl: server.origin, token: 'x' })
    expect(await thrown(startSignIn(client, redirectUri))).toMatchObject({ name: 'ConfigurationError' })
  })
})

test('by loopback, at the redirect URI that was registered', async () => {
  const redirectUris: (string | null)[] = []
  const open = (url: string): void => {
    redirectUris.push(new URL(url).searchParams.get('redirect_uri'))
    void fetch(url)
  }
  await robotWith(loopback({ ...client(), redirectUri: 'http://localhost/signed-in', open })).call()
  expect(redirectUris).toEqual([expect.stringMatching(/^http:\/\/localhost:\d+\/signed-in$/)])
  expect(() => loopback({ ...client(), redirectUri: 'https://app.example/back', open })).toThrow(/redirectUri/)
})
