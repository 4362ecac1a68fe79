import { decodeProtectedHeader } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { keysAt, rotateKeys } from '../../src/authorization-server/keys.ts'
import { Running } from './running.ts'

const running = new Running()
beforeAll(() => running.start())
afterAll(() => running.stop())
afterEach(() => vi.useRealTimers())

const service = { client_name: 'Org chart', sallyport_kind: 'service', sallyport_apis: ['people'] }

async function token() {
  const client = await running.register(service)
  return (await running.clientCredentials(client, String(client.client_secret), {})).access_token
}

async function published(): Promise<string[]> {
  const { keys } = (await (await fetch(`${running.publicUrl}/oauth/jwks`)).json()) as { keys: { kid: string }[] }
  return keys.map(({ kid }) => kid)
}

const verify = (value: string) => running.server.verify(value, running.resource('people'))
const signer = (value: string) => decodeProtectedHeader(value).kid

/** As if it were so many seconds later; timers stay real. */
function later(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
}

describe('rotation', () => {
  it('publishes a key before it signs, and the one before until its last token has expired', async () => {
    const before = await token()
    await rotateKeys(running.store)
    await running.server.followKeys()
    expect(await published()).toHaveLength(2)
    expect(signer(await token())).toBe(signer(before))

    later(601)
    await running.server.followKeys()
    const after = await token()
    expect(signer(after)).not.toBe(signer(before))
    expect(await published()).toContain(signer(before))
    expect(await verify(after)).toMatchObject({ ok: true })

    later(26 * 3600)
    await running.server.followKeys()
    expect(await published()).toEqual([signer(after)])
  })

  it('lets copies of the key set be kept for less time than a new key is published before it signs', async () => {
    const { headers } = await fetch(`${running.publicUrl}/oauth/jwks`)
    const [, age] = /max-age=(\d+)/.exec(headers.get('cache-control') ?? '') ?? []
    // It takes up to ten seconds until a server that runs has the key as well.
    expect(Number(age)).toBeGreaterThan(0)
    expect(Number(age)).toBeLessThan(600 - 10)
  })

  it('voids what a compromised key signed, at once', async () => {
    const before = await token()
    expect(await verify(before)).toMatchObject({ ok: true })
    await rotateKeys(running.store, true)
    await running.server.followKeys()
    expect(await verify(before)).toMatchObject({ ok: false })
    expect(await verify(await token())).toMatchObject({ ok: true })
  })

  it('happens by itself after ninety days', async () => {
    const before = await published()
    later(90 * 86_400 + 1)
    await running.server.followKeys()
    await running.server.followKeys()
    expect(await published()).toHaveLength(before.length + 1)
  })
})

it('orders keys: who signs, who will, whose tokens are about', () => {
  const key = (kid: string, nbf: number) => ({ kty: 'EC', kid, nbf })
  const keys = [key('old', 0), key('recent', 500_000), key('now', 1_000_000), key('next', 1_000_700)]
  expect(keysAt(keys, 1_000_100).map(({ kid }) => kid)).toEqual(['now', 'next', 'recent'])
  expect(keysAt([{ kty: 'EC', kid: 'from before there were times' }], 5)).toHaveLength(1)
  expect(keysAt([key('clock went back', 100)], 5)).toHaveLength(1)
})
