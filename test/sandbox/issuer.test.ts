import { expect, it } from 'vitest'
import { Issuer } from '../../src/sandbox/issuer.ts'

it('issues tokens that end by themselves, or at once', async () => {
  let now = 1_000_000
  const issuer = new Issuer(() => now)
  const token = issuer.issue(['a:read'], { lifetime: 60, clientId: 'org-chart' })
  expect(await issuer.verify(token)).toEqual({
    ok: true,
    token: { clientId: 'org-chart', scopes: ['a:read'], expiresAt: 1_060 },
  })
  expect(issuer.issue([])).not.toBe(issuer.issue([]))
  expect(await issuer.verify('guess')).toMatchObject({ ok: false })
  now += 60_000
  expect(await issuer.verify(token)).toEqual({ ok: false, reason: 'it has expired' })
  const other = issuer.issue([])
  issuer.revoke(other)
  expect(await issuer.verify(other)).toMatchObject({ ok: false })
})

it('keeps only so many', async () => {
  const issuer = new Issuer(() => 0)
  const first = issuer.issue([])
  for (let count = 0; count < 1_000; count++) issuer.issue([])
  expect(await issuer.verify(first)).toMatchObject({ ok: false })
})
