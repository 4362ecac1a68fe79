import { describe, expect, it } from 'vitest'
import { apps, kim, other, prepare, running } from './developer.ts'

prepare()

describe('tokens for pipelines', () => {
  it('are shown once, listed without themselves, and register apps until they are revoked', async () => {
    const minted = await apps.initialAccess.mint({ name: 'CI', apis: ['people'], days: 1 }, kim)
    if (!minted.ok) throw new Error(minted.message)
    const listed = (await apps.initialAccess.list(kim)).find(({ name }) => name === 'CI')
    expect(listed).toMatchObject({ name: 'CI', apis: ['people'], ownerId: kim.id })
    expect(JSON.stringify(listed)).not.toContain(minted.token)
    const register = () =>
      fetch(`${running.publicUrl}/oauth/reg`, {
        method: 'POST',
        headers: { authorization: `Bearer ${minted.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ client_name: 'Piped', grant_types: ['client_credentials'] }),
      })
    expect((await register()).status).toBe(201)
    expect(await apps.initialAccess.revoke(listed?.id ?? '', other)).toBe(false)
    expect(await apps.initialAccess.revoke(listed?.id ?? '', kim)).toBe(true)
    expect((await register()).status).toBe(401)
    expect((await apps.list(kim)).some(({ name }) => name === 'Piped')).toBe(true)
  })

  it('have a name and an end', async () => {
    for (const wrong of [{ name: ' ' }, { days: 0 }, { days: 366 }, { days: Number.NaN }, { name: 'x'.repeat(101) }])
      expect(await apps.initialAccess.mint({ name: 'CI', apis: [], days: 1, ...wrong }, kim)).toMatchObject({
        ok: false,
      })
  })
})
