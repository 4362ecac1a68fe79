import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import { type JWKS, Provider } from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { externalSignInAt } from '../../src/server/external-sign-in.ts'
import { Browser } from '../authorization-server/browser.ts'
import { authorize, signInAndGetTokens } from '../authorization-server/code-flow.ts'
import { Running } from '../authorization-server/running.ts'
import { webApp } from '../conformance/apps.ts'

/** A provider that has nothing to do with the portal, and signs in whoever is set. */
class OtherProvider {
  #server: Server | undefined
  issuer = ''
  account = ''
  claims: Record<string, unknown> = {}

  async start(redirectUri: string): Promise<void> {
    let provider: Provider | undefined
    this.#server = createServer(async (request, response) => {
      if (provider === undefined) return
      if (!request.url?.startsWith('/interaction/')) return void provider.callback()(request, response)
      const { prompt, params, grantId } = await provider.interactionDetails(request, response)
      const clientId = String(params.client_id)
      const grant =
        (await provider.Grant.find(grantId ?? '')) ?? new provider.Grant({ accountId: this.account, clientId })
      grant.addOIDCScope('openid profile email')
      const result =
        this.account === ''
          ? { error: 'access_denied' }
          : prompt.name === 'login'
            ? { login: { accountId: this.account, remember: false } }
            : { consent: { grantId: await grant.save() } }
      await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true })
    })
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve))
    this.issuer = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    const { privateKey } = await generateKeyPair('RS256', { extractable: true })
    provider = new Provider(this.issuer, {
      jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'other' }] } as JWKS,
      clients: [{ client_id: 'portal', client_secret: 'secret', redirect_uris: [redirectUri] }],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups', 'department'] },
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...this.claims }) }),
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      features: { devInteractions: { enabled: false } },
      cookies: { keys: ['other'] },
    })
  }

  stop(): void {
    this.#server?.closeAllConnections()
    this.#server?.close()
  }
}

const other = new OtherProvider()
const running = new Running()
const faults: unknown[] = []
beforeAll(async () => {
  await running.start()
  await other.start(`${running.publicUrl}/auth/external/callback`)
  running.signInElsewhere = externalSignInAt({
    publicUrl: running.publicUrl,
    provider: { issuer: other.issuer, clientId: 'portal', clientSecret: 'secret', groupsClaim: 'groups' },
    store: running.store,
    revocation: running.server,
    failed: (error) => faults.push(error),
  })
})
afterAll(async () => {
  other.stop()
  await running.stop()
})

const ada = {
  name: 'Ada',
  email: 'ada@example.com',
  email_verified: true,
  groups: ['staff', 'editors'],
  department: 'news',
}

async function flowOf(account: string, claims: Record<string, unknown>) {
  Object.assign(other, { account, claims })
  const browser = new Browser(running.publicUrl, other.issuer)
  return { ...(await webApp(running)), personId: 'elsewhere', browser }
}

const signIn = async (account: string, claims: Record<string, unknown>) =>
  signInAndGetTokens(running, await flowOf(account, claims))

async function problem(account: string, claims: Record<string, unknown>): Promise<string | null> {
  return (await authorize(running, await flowOf(account, claims))).url.searchParams.get('problem')
}

describe('signing in at another provider', () => {
  it('makes the person at the first time, with groups and profile, by which policies go', async () => {
    const { tokens } = await signIn('ada', ada)
    expect(tokens.scope).toBe('api:read api:write')
    expect(await running.store.people.byEmail('ada@example.com')).toMatchObject({
      name: 'Ada',
      groups: ['editors', 'staff'],
      profile: { department: 'news' },
      externalId: `${other.issuer} ada`,
    })
  })

  it('follows groups, profile and name at each time, and what was issued before is judged anew', async () => {
    const { tokens: before } = await signIn('ada', ada)
    const { tokens } = await signIn('ada', { ...ada, name: 'Ada L.', groups: ['staff'], department: 'sales' })
    expect(tokens.scope).toBe('api:read')
    const verification = await running.server.verify(before.access_token, running.resource('publishing'))
    expect(verification.ok).toBe(false)
    expect(await running.store.people.byEmail('ada@example.com')).toMatchObject({
      name: 'Ada L.',
      groups: ['staff'],
      profile: { department: 'sales' },
    })
  })

  it('is the person that is here already only if the e-mail address is verified', async () => {
    await running.person('Noor', 'staff')
    const claims = { name: 'Noor', email: 'noor@example.com', groups: ['administrators'] }
    expect(await problem('noor', { ...claims, email_verified: false })).toBe('taken')
    await signIn('noor', { ...claims, email_verified: true, groups: ['staff'] })
    expect(await running.store.people.byEmail('noor@example.com')).toMatchObject({ externalId: `${other.issuer} noor` })
    expect(await problem('someone else', { ...claims, email_verified: true })).toBe('taken')
  })

  it.each([
    ['aborted', '', {}],
    ['no-email', 'nobody', { name: 'Nobody' }],
  ])('says what is wrong: %s', async (expected, account, claims) => {
    expect(await problem(account, claims)).toBe(expected)
  })

  it('lets nobody in who is disabled here', async () => {
    const { id } = (await running.store.people.byEmail('ada@example.com')) ?? { id: '' }
    await running.server.setPersonDisabled(id, true)
    expect(await problem('ada', ada)).toBe('disabled')
  })

  it('is good for the browser that began it, once', async () => {
    Object.assign(other, { account: 'eve', claims: { ...ada, email: 'eve@example.com' } })
    const elsewhere = running.signInElsewhere
    const [uid, ticket] = ['none', 'none']
    expect(await elsewhere?.redeem(uid, ticket)).toBeUndefined()
    const answer = await fetch(`${running.publicUrl}/auth/external/callback?state=forged&code=x`, {
      redirect: 'manual',
    })
    expect(answer.headers.get('location')).toBe('/auth/sign-in')
  })

  it('had no fault in all this', () => {
    expect([...faults, ...running.faults]).toEqual([])
  })
})
