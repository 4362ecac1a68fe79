import { exportJWK, exportPKCS8, exportSPKI, generateKeyPair } from 'jose'
import * as oauth from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { insecure } from '../authorization-server/running.ts'
import { apps, kim, other, prepare, registered, running, service } from './developer.ts'

prepare()

describe('an app that signs', () => {
  it('registers a public key, has no secret, and gets tokens by private_key_jwt', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1' }
    const saved = await registered({ ...service, name: 'Signs', jwks: JSON.stringify(jwk) })
    expect(saved).not.toHaveProperty('clientSecret')
    expect(saved.app.confidential).toBe(false)
    const server = await running.metadata()
    const client = { client_id: saved.app.id }
    const authentication = oauth.PrivateKeyJwt({ key: privateKey, kid: 'k1' })
    const response = await oauth.clientCredentialsGrantRequest(server, client, authentication, {}, insecure)
    expect(await oauth.processClientCredentialsResponse(server, client, response)).toMatchObject({
      scope: 'employees:read',
    })
  })

  it('changes its keys later, to others, to an address, and from a secret', async () => {
    const signed = async (clientId: string, key: CryptoKey | oauth.PrivateKey) => {
      const server = await running.metadata()
      const client = { client_id: clientId }
      const response = await oauth.clientCredentialsGrantRequest(server, client, oauth.PrivateKeyJwt(key), {}, insecure)
      return oauth.processClientCredentialsResponse(server, client, response)
    }
    const [one, two] = [await generateKeyPair('ES256'), await generateKeyPair('ES256')]
    const { app, clientSecret } = await registered({ ...service, name: 'Changes keys' })
    const change = async (jwks: string) => {
      const saved = await apps.update(app.id, { ...app, jwks }, kim)
      if (saved?.ok !== true) throw new Error(JSON.stringify(saved))
      return saved.app
    }
    expect(await change(JSON.stringify({ ...(await exportJWK(one.publicKey)), kid: 'k1' }))).toMatchObject({
      confidential: false,
      keys: { names: ['k1'] },
    })
    expect(await signed(app.id, { key: one.privateKey, kid: 'k1' })).toHaveProperty('access_token')
    await expect(running.clientCredentials({ client_id: app.id }, String(clientSecret), {})).rejects.toThrow()
    expect(await change(await exportSPKI(two.publicKey))).toMatchObject({ keys: { names: ['P-256'] } })
    expect(await signed(app.id, two.privateKey)).toHaveProperty('access_token')
    await expect(signed(app.id, { key: one.privateKey, kid: 'k1' })).rejects.toMatchObject({ error: 'invalid_client' })
    // Nothing typed: they stay.
    expect(await change('')).toMatchObject({ keys: { names: ['P-256'] } })
    expect(await change(' https://app.example/keys.json ')).toMatchObject({
      keys: { address: 'https://app.example/keys.json' },
    })
    const refused = { ok: false, errors: { jwks: expect.stringMatching(/isn't https/) } }
    expect(await apps.update(app.id, { ...app, jwks: 'http://app.example/keys' }, kim)).toMatchObject(refused)
  })

  it('gets a secret in the place of its keys, shown once, and may sign again later', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const jwks = JSON.stringify({ ...(await exportJWK(publicKey)), kid: 'k1' })
    const { app } = await registered({ ...service, name: 'Turns back', jwks })
    expect(await apps.replaceKeys(app.id, other)).toBeUndefined()
    const secret = String(await apps.replaceKeys(app.id, kim))
    expect(secret).toMatch(/^sps_/)
    const now = await apps.get(app.id, kim)
    expect(now).toMatchObject({ confidential: true, scopes: app.scopes, name: 'Turns back' })
    expect(now).not.toHaveProperty('keys')
    const token = await running.clientCredentials({ client_id: app.id }, secret, {})
    expect(token).toMatchObject({ scope: 'employees:read' })
    const server = await running.metadata()
    const signing = oauth.PrivateKeyJwt({ key: privateKey, kid: 'k1' })
    const signed = await oauth.clientCredentialsGrantRequest(server, { client_id: app.id }, signing, {}, insecure)
    expect(signed.status).toBe(401)
    expect(await running.contents()).not.toContain(secret)
    // It has no keys any more.
    expect(await apps.replaceKeys(app.id, kim)).toBeUndefined()
    expect(await apps.update(app.id, { ...app, jwks }, kim)).toMatchObject({ app: { confidential: false } })
    expect((await apps.activity(app.id, kim)).map(({ who, action }) => [who, action])).toEqual([
      ['Kim', 'client.updated'],
      ['Turns back', 'token.issued'],
      ['Kim', 'client.keys-replaced'],
      ['Kim', 'client.updated'],
      ['Kim', 'client.registered'],
    ])
  })

  it('may be given its key as PEM', async () => {
    const pem = await exportSPKI((await generateKeyPair('ES256')).publicKey)
    expect(await apps.register({ ...service, name: 'Pem', jwks: pem }, kim)).toMatchObject({ ok: true })
  })

  it('is never asked for its private key', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const refused = { ok: false, errors: { jwks: expect.stringMatching(/^This is a private key/) } }
    for (const jwks of [JSON.stringify(await exportJWK(privateKey)), await exportPKCS8(privateKey)])
      expect(await apps.register({ ...service, name: 'Private', jwks }, kim)).toMatchObject(refused)
    for (const jwks of ['{', '{}', '{"keys":[]}', '"x"', '-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----'])
      expect(await apps.register({ ...service, name: 'Broken', jwks }, kim)).toMatchObject({
        ok: false,
        errors: { jwks: expect.any(String) },
      })
  })
})
