import { compactVerify, exportJWK, generateKeyPair } from 'jose'
import { afterAll, expect, it } from 'vitest'
import { SigningKey } from '../../src/authorization-server/signing-key.ts'
import { SigningThread } from '../../src/authorization-server/signing-thread.ts'

const thread = new SigningThread()
afterAll(() => thread.close())

async function keyPair() {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  return { key: new SigningKey({ ...(await exportJWK(privateKey)), kid: 'one' }, thread), publicKey }
}

const unsigned = (claim: unknown) =>
  [{ alg: 'ES256' }, claim].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')

it('signs what any verifier of ES256 takes, also where a number is short', async () => {
  const { key, publicKey } = await keyPair()
  const data = Array.from({ length: 2000 }, (_, index) => unsigned(index))
  const signatures = await Promise.all(data.map((one) => key.sign(Buffer.from(one))))
  // Of 128 signatures, one has a number that is a byte shorter; of two, one has a number that is a byte longer.
  const firstBytes = new Set(signatures.flatMap((signature) => [signature[0], signature[32]]))
  for (const [index, signature] of signatures.entries()) {
    expect(signature).toHaveLength(64)
    await compactVerify(`${data[index]}.${Buffer.from(signature).toString('base64url')}`, publicKey)
  }
  expect(firstBytes).toContain(0)
})

it('gives each who asks at the same time the signature by its own key', async () => {
  const pairs = await Promise.all([keyPair(), keyPair(), keyPair()])
  const asked = Array.from({ length: 60 }, (_, index) => ({ pair: pairs[index % 3], data: unsigned(index) }))
  await Promise.all(
    asked.map(async ({ pair, data }) => {
      const signature = await pair?.key.sign(Buffer.from(data))
      await compactVerify(
        `${data}.${Buffer.from(signature ?? []).toString('base64url')}`,
        pair?.publicKey ?? new Uint8Array(),
      )
    }),
  )
})

it('lets nobody wait for a thread that has ended, and starts another', async () => {
  const ended = new SigningThread()
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const key = new SigningKey(await exportJWK(privateKey), ended)
  const data = unsigned('again')
  await key.sign(Buffer.from(data))
  // More than are done before it hears that it is to end.
  const waiting = Promise.allSettled(Array.from({ length: 5000 }, () => key.sign(Buffer.from(data))))
  await new Promise(setImmediate)
  ended.close()
  expect(new Set((await waiting).map(({ status }) => status))).toEqual(new Set(['rejected']))
  const signature = await key.sign(Buffer.from(data))
  await compactVerify(`${data}.${Buffer.from(signature).toString('base64url')}`, publicKey)
  ended.close()
})
