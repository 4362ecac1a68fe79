import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Browser } from './browser.ts'
import { refresh } from './code-flow.ts'
import { connectDevice, shownPage, startDevice } from './device.ts'
import { Running } from './running.ts'

const running = new Running()
let kim = ''
beforeAll(async () => {
  await running.start()
  kim = (await running.person('Kim', 'staff', 'editors')).id
})
afterAll(() => running.stop())

const device = (parameters?: Record<string, string>) => startDevice(running, parameters)

const connect = (browser: Browser, userCode: string, answer: 'confirm' | 'abort', personId = kim) =>
  connectDevice(browser, userCode, { answer, personId })

describe('a device without a browser', () => {
  it('waits, gets tokens once its person agreed, and refreshes them', async () => {
    const { code, poll, browser } = await device({ scope: 'api:read api:write' })
    expect(code).toMatchObject({
      user_code: expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/),
      verification_uri: `${running.publicUrl}/device`,
      expires_in: 600,
      interval: 5,
    })
    await expect(poll()).rejects.toMatchObject({ error: 'authorization_pending' })
    const { shown, seen, end } = await connect(browser, code.user_code.toLowerCase(), 'confirm')
    expect(shown).toMatchObject({ userCode: code.user_code, app: { name: 'TV', owner: 'Kim', verified: false } })
    // An app on hardware can't prove that it is the one that registered: a person looks each time.
    expect(seen?.map(({ kind }) => kind)).toEqual(['sign-in', 'consent'])
    expect(end).toEqual({ kind: 'device-connected', app: 'TV' })
    const tokens = await poll()
    expect(tokens.scope).toBe('api:read api:write')
    await expect(poll()).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  it('is evaluated with the grant device_code, at approval and at each refresh', async () => {
    const { client, code, poll, browser } = await device()
    await connect(browser, code.user_code, 'confirm')
    const tokens = await poll()
    await running.store.people.setGroups(kim, [])
    await expect(refresh(running, { client }, String(tokens.refresh_token))).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    const [denial] = await running.store.audit.list({ target: client.client_id, action: 'token.denied' })
    expect(denial?.detail).toMatchObject({ grant: 'device_code' })
    await running.store.people.setGroups(kim, ['staff', 'editors'])
    const again = await refresh(running, { client }, String(tokens.refresh_token))
    expect(again.scope).toBe('api:read')
  })

  it('is told when its person refuses', async () => {
    const { code, poll, browser } = await device()
    const { end } = await connect(browser, code.user_code, 'abort')
    expect(end).toMatchObject({ kind: 'device-code', problem: 'refused' })
    await expect(poll()).rejects.toMatchObject({ error: 'access_denied' })
  })

  it('is told when no policy is for the one who signs in', async () => {
    const { code, poll, browser } = await device()
    const stranger = await running.person('Stranger')
    const { end } = await connect(browser, code.user_code, 'confirm', stranger.id)
    expect(end).toMatchObject({ kind: 'device-code', problem: expect.any(String) })
    await expect(poll()).rejects.toMatchObject({ error: 'access_denied' })
  })

  it('finds no one with a code that no device shows', async () => {
    const { end } = await connect(new Browser(running.publicUrl), 'BBBB-BBBB', 'confirm')
    expect(end).toMatchObject({ kind: 'device-code', problem: 'unknown', userCode: 'BBBB-BBBB' })
  })

  it('is told when its code has expired', async () => {
    const { poll, code, browser } = await device()
    const before = Date.now
    Date.now = () => before() + 601_000
    try {
      await expect(poll()).rejects.toMatchObject({ error: 'expired_token' })
      const { end } = await connect(browser, code.user_code, 'confirm')
      expect(end).toMatchObject({ kind: 'device-code', problem: 'expired' })
    } finally {
      Date.now = before
    }
  })

  it('has its code filled in by a link, but not confirmed', async () => {
    const { code, browser } = await device()
    const shown = await shownPage(await browser.fetch(String(code.verification_uri_complete)))
    expect(shown).toMatchObject({ kind: 'device-code', userCode: code.user_code })
    const hostile = await shownPage(await browser.fetch('/oauth/device?user_code=%3Cscript%3E'))
    expect(hostile).not.toHaveProperty('userCode')
  })

  it('can be connected from a page of this portal only', async () => {
    const { code, poll, browser } = await device()
    await browser.fetch('/oauth/device')
    const forged = await browser.fetch('/oauth/device', { xsrf: 'x', user_code: code.user_code, confirm: 'yes' })
    expect(await shownPage(forged)).toMatchObject({ kind: 'device-code', problem: 'failed' })
    await expect(poll()).rejects.toMatchObject({ error: 'authorization_pending' })
  })
})

it('had no fault of its own in all this', () => {
  expect(running.faults).toEqual([])
})
