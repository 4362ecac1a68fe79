import { describe, expect, it } from 'vitest'
import type { AppForm } from '../../src/apps/apps.ts'
import { administrator, apps, kim, other, prepare, registered, running, service, web } from './developer.ts'

prepare()

describe('sharing', () => {
  it('with a team lets its members manage the app, also when its owner has left', async () => {
    const { app } = await registered({ ...service, name: 'Shared' })
    expect(await apps.get(app.id, other)).toBeUndefined()
    const handOver = (team: string, email = 'kim@example.com') => apps.sharing.handOver(app.id, { email, team }, kim)
    expect(await handOver('nobodys')).toMatchObject({ ok: false, field: 'team' })
    expect(await handOver('staff', 'nobody@example.com')).toMatchObject({ ok: false, field: 'email' })
    expect(await handOver('staff')).toEqual({ ok: true })
    expect(await apps.get(app.id, other)).toMatchObject({ team: 'staff' })
    expect((await apps.list(other)).map(({ id }) => id)).toContain(app.id)
    await running.server.setPersonDisabled(kim.id, true)
    expect(await apps.update(app.id, { ...app, name: 'Taken on' }, other)).toMatchObject({ ok: true })
    await running.server.setPersonDisabled(kim.id, false)
    expect(await apps.sharing.handOver(app.id, { email: 'other@example.com', team: '' }, other)).toEqual({ ok: true })
    expect(await apps.get(app.id, kim)).toBeUndefined()
  })

  it.each([
    ['to someone else', () => kim, { email: 'other@example.com', team: '' }, false],
    ['to someone else of its team', () => kim, { email: 'other@example.com', team: 'staff' }, false],
    ['to a team that it was not shared with', () => kim, { email: 'kim@example.com', team: 'reviewers' }, false],
    ['to its owner alone', () => kim, { email: 'kim@example.com', team: '' }, true],
    ['by an administrator', () => administrator, { email: 'other@example.com', team: 'reviewers' }, true],
  ])('of a verified app, %s, leaves it verified or doesn’t', async (_, whose, to, still) => {
    const viewer = { ...whose(), groups: ['staff', 'reviewers'] }
    await running.person('Ria', 'reviewers')
    const { app, clientSecret } = await registered({ ...service, name: 'Vouched for' })
    await apps.sharing.handOver(app.id, { email: 'kim@example.com', team: 'staff' }, kim)
    const shared = await apps.get(app.id, administrator)
    expect(shared && (await apps.verify(app.id, apps.likeness(shared), administrator))).toBe(true)
    const { access_token } = await running.clientCredentials({ client_id: app.id }, String(clientSecret), {})
    expect(await apps.sharing.handOver(app.id, to, viewer)).toEqual({ ok: true })
    expect(await apps.get(app.id, administrator)).toMatchObject({ verified: still })
    expect(await running.server.verify(access_token, running.resource('people'))).toMatchObject({ ok: still })
    const entries = await running.store.audit.list({ target: app.id, action: 'client.unverified' })
    const entry = { actor: kim.id, ip: kim.address, detail: { to: to.email, ...(to.team !== '' && { team: to.team }) } }
    expect(entries).toMatchObject(still ? [] : [entry])
  })

  it('limits who may use an app', async () => {
    await running.person('Eda', 'editors')
    const form: AppForm = { ...web, name: 'Limited', kind: 'native', redirectUris: ['http://127.0.0.1/callback'] }
    const { app } = await registered({ ...form, scopes: ['employees:read'] })
    const granted = async () => {
      const preview = await apps.preview(app.id, { api: 'people', scopes: [], personId: kim.id }, kim)
      return preview !== undefined && 'explanation' in preview && preview.explanation.granted
    }
    expect(await granted()).toBe(true)
    expect(await apps.sharing.assign(app.id, { emails: ['nobody@example.com'], groups: [] }, kim)).toMatchObject({
      ok: false,
      field: 'emails',
    })
    expect(await apps.sharing.assign(app.id, { emails: ['other@example.com'], groups: ['editors'] }, kim)).toEqual({
      ok: true,
    })
    expect(await granted()).toBe(false)
    expect(await apps.sharing.assignedTo(app.id, kim)).toEqual({ emails: ['other@example.com'], groups: ['editors'] })
    await apps.sharing.assign(app.id, { emails: [], groups: [] }, kim)
    expect(await granted()).toBe(true)
  })
})

describe('as many apps as a person may have', () => {
  it('are registered and handed over, and no more', async () => {
    const { id: ownerId } = await running.person('Hoarder')
    const hoarder = { id: ownerId, groups: [], administrator: false }
    const { app } = await registered({ ...service, name: 'One too many' })
    const plain = { ownerId, name: 'Heap', kind: 'service', apis: [], payload: {}, verified: false, createdAt: 0 }
    const ids = Array.from({ length: 1000 }, (_, index) => `heap-${index}`)
    await Promise.all(ids.map((id) => running.store.clients.add({ ...plain, id })))
    expect(await apps.register(service, hoarder)).toMatchObject({
      ok: false,
      errors: { form: expect.stringMatching(/1000 apps/) },
    })
    const theirs = { email: 'hoarder@example.com', team: '' }
    expect(await apps.sharing.handOver(app.id, theirs, kim)).toMatchObject({ ok: false, field: 'email' })
    await apps.remove('heap-0', hoarder)
    expect(await apps.sharing.handOver(app.id, theirs, kim)).toEqual({ ok: true })
    // To be shared with a team it needn't change hands.
    expect(await apps.sharing.handOver(app.id, theirs, hoarder)).toEqual({ ok: true })
    expect(await apps.register(service, hoarder)).toMatchObject({ ok: false })
  })
})
