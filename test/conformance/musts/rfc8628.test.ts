import { expect } from 'vitest'
import { connectDevice, shownPage, startDevice } from '../../authorization-server/device.ts'
import { ask, basic } from '../apps.ts'
import { flow, later, metadata, running, web } from '../target.ts'
import { conformance, type NotOurs, type Row } from './musts.ts'

const tv = { client_name: 'TV', sallyport_kind: 'device', sallyport_apis: ['publishing'] }

async function device(form: Record<string, string> = {}) {
  const client = await running.register(tv)
  const answer = await ask(running, '/oauth/device/auth', {
    form: { client_id: client.client_id, scope: 'api:read', ...form },
  })
  return { client, answer }
}

function poll(client_id: string, device_code: unknown, headers: Record<string, string> = {}) {
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
  return ask(running, '/oauth/token', { form: { grant_type, client_id, device_code: String(device_code) }, headers })
}

const rows: Row[] = [
  [
    '3.1 the client identifies itself, and is registered for the grant',
    async () => {
      expect((await device({ client_id: 'nobody' })).answer.body.error).toBe('invalid_client')
      const form = { client_id: web.client_id, scope: 'api:read' }
      const answer = await ask(running, '/oauth/device/auth', { form, headers: basic(web) })
      expect([answer.status, answer.body.error]).toEqual([400, expect.stringMatching(/unauthorized_client|invalid_/)])
    },
  ],
  [
    '3.1 what is empty counts as left out, what is unrecognised is ignored, and nothing is sent twice',
    async () => {
      expect((await device({ resource: '', unheard_of: '1' })).answer.status).toBe(200)
      const { client } = await device()
      const twice: [string, string][] = [
        ['client_id', client.client_id],
        ['scope', 'api:read'],
        ['scope', 'api:write'],
      ]
      const answer = await ask(running, '/oauth/device/auth', { form: twice })
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request'])
    },
  ],
  [
    '3.2 device_code, user_code, verification_uri and expires_in are returned, and not cached',
    async () => {
      const { answer } = await device()
      expect(answer.body).toMatchObject({
        device_code: expect.any(String),
        user_code: expect.any(String),
        verification_uri: expect.any(String),
        expires_in: 600,
      })
      expect(answer.headers.get('cache-control')).toBe('no-store')
    },
  ],
  [
    '3.2 interval says how often the device may ask; verification_uri_complete has the code in it',
    async () => {
      const { interval, verification_uri_complete: complete, user_code: code } = (await device()).answer.body
      expect(interval).toBe(5)
      expect(String(complete)).toContain(String(code))
    },
  ],
  [
    '3.3 verification_uri is short and without the code',
    async () => {
      const { answer } = await device()
      expect(answer.body.verification_uri).toBe(`${running.publicUrl}/device`)
    },
  ],
  [
    '3.3 the code is confirmed by a person who looks, also where a link has brought it',
    async () => {
      const { code, browser } = await startDevice(running)
      const shown = await shownPage(await browser.fetch(String(code.verification_uri_complete)))
      expect(shown.kind).toBe('device-code')
    },
  ],
  [
    '3.4 a device code is bound to its client',
    async () => {
      const [one, two] = [await device(), await device()]
      expect((await poll(two.client.client_id, one.answer.body.device_code)).body.error).toBe('invalid_grant')
    },
  ],
  [
    '3.1, 3.4 a device that was given a secret authenticates, for the code and for its tokens',
    async () => {
      const client = await running.register({ ...tv, token_endpoint_auth_method: 'client_secret_basic' })
      const form = { client_id: client.client_id, scope: 'api:read' }
      expect((await ask(running, '/oauth/device/auth', { form })).status).toBe(401)
      const { body } = await ask(running, '/oauth/device/auth', { form, headers: basic(client) })
      expect((await poll(client.client_id, body.device_code)).body.error).toBe('invalid_client')
      expect((await poll(client.client_id, body.device_code, basic(client))).body.error).toBe('authorization_pending')
    },
  ],
  [
    '3.4 an unknown device code is invalid_grant, a missing one invalid_request',
    async () => {
      const { client } = await device()
      expect((await poll(client.client_id, 'x'.repeat(43))).body.error).toBe('invalid_grant')
      const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
      const answer = await ask(running, '/oauth/token', { form: { grant_type, client_id: client.client_id } })
      expect(answer.body.error).toBe('invalid_request')
    },
  ],
  [
    '3.5 until the person agrees it is authorization_pending',
    async () => {
      const { client, answer } = await device()
      expect((await poll(client.client_id, answer.body.device_code)).body.error).toBe('authorization_pending')
    },
  ],
  [
    '3.5 whoever asks sooner than after the interval is told to slow_down, and nobody else is',
    async () => {
      const [hasty, other] = [await device(), await device()]
      const ask = async ({ client, answer }: typeof hasty) =>
        (await poll(client.client_id, answer.body.device_code)).body.error
      expect([await ask(hasty), await ask(hasty), await ask(hasty)]).toEqual([
        'authorization_pending',
        'slow_down',
        'slow_down',
      ])
      expect(await ask(other)).toBe('authorization_pending')
      expect(await later(5, () => ask(hasty))).toBe('authorization_pending')
    },
  ],
  [
    '3.5 whoever was told to slow down gets tokens as soon as the person has agreed',
    async () => {
      const { client, code, browser } = await startDevice(running)
      for (const error of ['authorization_pending', 'slow_down'])
        expect((await poll(client.client_id, code.device_code)).body.error).toBe(error)
      await connectDevice(browser, code.user_code, { personId: flow.personId })
      expect((await poll(client.client_id, code.device_code)).body).toHaveProperty('access_token')
    },
  ],
  [
    '3.5 after the person agreed there are tokens, once',
    async () => {
      const { client, code, browser } = await startDevice(running)
      await connectDevice(browser, code.user_code, { personId: flow.personId })
      expect((await poll(client.client_id, code.device_code)).body).toHaveProperty('access_token')
      expect((await poll(client.client_id, code.device_code)).body.error).toBe('invalid_grant')
    },
  ],
  [
    '3.5 access_denied when the person refused',
    async () => {
      const { client, code, browser } = await startDevice(running)
      await connectDevice(browser, code.user_code, { personId: flow.personId, answer: 'abort' })
      expect((await poll(client.client_id, code.device_code)).body.error).toBe('access_denied')
    },
  ],
  [
    '3.5 expired_token when the code has expired',
    async () => {
      const { client, answer } = await device()
      const { body } = await later(601, () => poll(client.client_id, answer.body.device_code))
      expect(body.error).toBe('expired_token')
    },
  ],
  [
    '4 the metadata names the endpoint',
    async () => {
      expect((await metadata()).device_authorization_endpoint).toBe(`${running.publicUrl}/oauth/device/auth`)
    },
  ],
  [
    '5.2 a device code can not be guessed; 6.1 a user code is short, without vowels and digits',
    async () => {
      const { body } = (await device()).answer
      expect(String(body.device_code).length).toBeGreaterThanOrEqual(43)
      expect(body.user_code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
    },
  ],
]

const notOurs: NotOurs = {
  '3.1 TLS': 'the proxy in front ends it: see RFC 6749, section 1.6',
  '3.2, 3.3.1, 3.5 how a device waits, and what it shows': 'binds the device',
}

conformance('RFC 8628 (devices)', rows, notOurs)
