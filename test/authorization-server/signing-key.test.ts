import { compactVerify, exportJWK, generateKeyPair } from 'jose'
import { expect, it } from 'vitest'
import { SigningKey } from '../../src/authorization-server/signing-key.ts'

it('signs what any verifier of ES256 takes, also where a number is short', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const key = new SigningKey({ ...(await exportJWK(privateKey)), kid: 'one' })
  const firstBytes = new Set<number | undefined>()
  // Of 128 signatures, one has a number that is a byte shorter; of two, one has a number that is a byte longer.
  for (let i = 0; i < 2000; i++) {
    const data = `${Buffer.from('{"alg":"ES256"}').toString('base64url')}.${Buffer.from(String(i)).toString('base64url')}`
    const signature = key.sign(Buffer.from(data))
    expect(signature).toHaveLength(64)
    firstBytes.add(signature[0]).add(signature[32])
    await compactVerify(`${data}.${Buffer.from(signature).toString('base64url')}`, publicKey)
  }
  expect(firstBytes).toContain(0)
})
