import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import * as oauth from 'oauth4webapi'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { remoteKeys } from '../../src/server/remote-keys.ts'
import { insecure, Running } from './running.ts'

/** As the portal wires it on one's own machine: only there is loopback an address that may be read. */
const running = new Running({ remoteKeys: remoteKeys(true) })
let asked = 0
let answer: RequestListener = () => {}
const publisher = createServer((request, response) => {
  asked += 1
  answer(request, response)
})
let address = ''
beforeAll(async () => {
  await running.start()
  await new Promise<void>((resolve) => publisher.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(publisher.address() as AddressInfo).port}`
})
afterAll(async () => {
  publisher.closeAllConnections()
  publisher.close()
  await running.stop()
})

let addresses = 0
let app: oauth.Client
beforeEach(async () => {
  asked = 0
  app = await register({ jwks_uri: `${address}/${addresses++}` })
})
afterEach(() => vi.useRealTimers())

function register(more: Record<string, oauth.JsonValue>) {
  return running.register({
    client_name: 'Signs',
    sallyport_kind: 'service',
    sallyport_apis: ['people'],
    token_endpoint_auth_method: 'private_key_jwt',
    ...more,
  })
}

async function keyPair(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  return { kid, key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' } }
}
type Pair = Awaited<ReturnType<typeof keyPair>>

function publish(...keys: object[]): void {
  answer = (_, response) => response.end(JSON.stringify({ keys }))
}

async function tokenSignedBy({ key, kid }: Pick<Pair, 'key' | 'kid'>): Promise<string> {
  const server = await running.metadata()
  const authentication = oauth.PrivateKeyJwt({ key, kid })
  const response = await oauth.clientCredentialsGrantRequest(server, app, authentication, {}, insecure)
  return (await oauth.processClientCredentialsResponse(server, app, response)).access_token
}

function later(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
}

/** Of some Ed25519 key (RFC 8037, appendix A.2). */
const X = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'

const refused = { status: 401, error: 'invalid_client' }

describe('keys that an app publishes', () => {
  it('are read when it signs, and not again for each token', async () => {
    const pair = await keyPair('one')
    publish(pair.jwk)
    expect(asked).toBe(0)
    for (let i = 0; i < 5; i++) expect(await tokenSignedBy(pair)).toEqual(expect.any(String))
    expect(asked).toBe(1)
  })

  it('change: the new one signs, and the one that is gone does not', async () => {
    const [one, two] = [await keyPair('one'), await keyPair('two')]
    publish(one.jwk)
    await tokenSignedBy(one)
    publish(one.jwk, two.jwk)
    later(91)
    await tokenSignedBy(two)
    await tokenSignedBy(one)
    publish(two.jwk)
    later(31)
    await expect(tokenSignedBy(one)).rejects.toMatchObject(refused)
    await tokenSignedBy(two)
  })

  it('of someone else don’t sign for it, however often they are tried, nor ask much of its address', async () => {
    publish((await keyPair('one')).jwk)
    const other = await keyPair('one')
    for (let i = 0; i < 10; i++) await expect(tokenSignedBy(other)).rejects.toMatchObject(refused)
    expect(asked).toBeLessThanOrEqual(1)
  })

  it.each<[string, RequestListener, RegExp]>([
    ['an error', (_, response) => response.writeHead(500).end(), /answered 500/],
    ['far too much', (_, response) => response.end(`{"keys":[],"x":"${'x'.repeat(200_000)}"}`), /more than 0.1 MB/],
    [
      'a redirect into the network behind',
      (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
      /isn't https/,
    ],
    [
      'a redirect to a private address',
      (_, response) => response.writeHead(307, { location: 'https://10.0.0.1/keys' }).end(),
      /isn't a public address/,
    ],
    ['nothing for too long', () => {}, /takes too long/],
  ])('answered with %s: the app is refused, its activity says why, and its address rests', async (_, listener, why) => {
    answer = listener
    const pair = await keyPair('one')
    await expect(tokenSignedBy(pair)).rejects.toMatchObject(refused)
    await expect(tokenSignedBy(pair)).rejects.toMatchObject(refused)
    expect(asked).toBe(1)
    const entries = await running.store.audit.list({ target: app.client_id, action: 'client.keys-unread' })
    expect(entries.map(({ detail }) => detail?.reason)).toEqual([expect.stringMatching(why)])
    publish(pair.jwk)
    later(11)
    expect(await tokenSignedBy(pair)).toEqual(expect.any(String))
  })

  it('that can’t be read are told of before the app is answered, or it gets no answer', async () => {
    answer = (_, response) => response.writeHead(500).end()
    vi.spyOn(running.store.audit, 'append').mockRejectedValueOnce(new Error('disk I/O error'))
    await expect(tokenSignedBy(await keyPair('one'))).rejects.toMatchObject({ cause: { status: 500 } })
    expect(running.faults.splice(0)).toMatchObject([{ message: 'disk I/O error' }])
  })

  it.each([
    ['no JSON', 'keys'],
    ['no set', '[]'],
    ['a symmetric key', JSON.stringify({ keys: [{ kty: 'oct', k: 'c2VjcmV0', kid: 'one', alg: 'HS256' }] })],
  ])('that are %s open nothing', async (_, content) => {
    answer = (_, response) => response.end(content)
    await expect(tokenSignedBy(await keyPair('one'))).rejects.toMatchObject(refused)
  })

  it('that are private open nothing', async () => {
    const pair = await keyPair('one')
    publish({ ...(await exportJWK(pair.key)), kid: 'one', alg: 'ES256' })
    await expect(tokenSignedBy(pair)).rejects.toMatchObject(refused)
  })
})

describe('an address of keys is not registered', () => {
  it.each<[string, Record<string, oauth.JsonValue>]>([
    ['without https', { jwks_uri: 'http://app.example/keys' }],
    ['at a private address', { jwks_uri: 'https://10.0.0.1/keys' }],
    ['in link-local space', { jwks_uri: 'https://169.254.169.254/latest/meta-data' }],
    ['with a password', { jwks_uri: 'https://user:secret@app.example/keys' }],
    ['of another scheme', { jwks_uri: 'file:///etc/passwd' }],
    ['that isn’t one', { jwks_uri: ['https://app.example/keys'] }],
    ['that never ends', { jwks_uri: `https://app.example/${'x'.repeat(500)}` }],
    ['beside keys', { jwks_uri: 'https://app.example/keys', jwks: { keys: [{ kty: 'OKP', crv: 'Ed25519', x: X }] } }],
    [
      'for an app with a secret',
      { jwks_uri: 'https://app.example/keys', token_endpoint_auth_method: 'client_secret_basic' },
    ],
  ])('%s', async (_, metadata) => {
    await expect(register(metadata)).rejects.toMatchObject({ error: 'invalid_client_metadata' })
    expect(asked).toBe(0)
  })
})

it('had no fault of its own in all this', () => {
  expect(running.faults).toEqual([])
})
