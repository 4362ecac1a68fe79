import { expect, test, vi } from 'vitest'
import type { TryForm } from '../../src/docs/try-it.ts'
import { firstDraft, Malformed } from '../../src/docs/try-request.ts'
import { sharedDraft, shareUrl } from '../../src/islands/share.ts'

const form: TryForm = {
  api: 'people',
  operation: 'create',
  method: 'POST',
  path: '/people',
  parameters: [],
  keys: [{ name: 'X-Key', in: 'header' }],
  bodies: [{ type: 'application/json', kind: 'json', control: { kind: 'json' }, value: {}, parts: {}, encoding: {} }],
  bodyRequired: true,
  scopes: [],
  chosen: [],
  token: false,
}

/** What someone who follows the link is shown. */
function shared(body: unknown, keys: Readonly<Record<string, string>> = {}) {
  vi.stubGlobal('location', { href: 'https://portal.example/apis/people/operations/create?try=1' })
  return sharedDraft(new URL(shareUrl({ ...firstDraft(form), keys, body })).hash, form)
}

test('what is filled in is in the link, whatever its letters and however long', () => {
  expect(shared({ name: 'Zoë ✓' })?.body).toEqual({ name: 'Zoë ✓' })
  const long = { text: 'ß'.repeat(500_000) }
  expect(shared(long)?.body).toEqual(long)
})

test('keys, files and what isn’t JSON yet are not', () => {
  expect(shared({ file: new Blob(['secret']) }, { 'X-Key': 'secret' })).toMatchObject({ keys: {}, body: {} })
  expect(shared(new Malformed('{', 'no JSON'))?.body).toBeUndefined()
})

test('a link that was cut short fills nothing in', () => {
  expect(sharedDraft('#try=eyJwYXJh', form)).toBeUndefined()
  expect(sharedDraft('#try=%', form)).toBeUndefined()
  expect(sharedDraft('#samples', form)).toBeUndefined()
})
