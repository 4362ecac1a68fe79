import { expect, test } from 'vitest'
import { emailLink, externalLink } from '../../src/docs/external-link.ts'
import { EVERYTHING } from '../../src/docs/lens.ts'
import { apiLinks } from '../../src/docs/links.ts'

test('more is to be read on the web, by its name or its host', () => {
  const url = 'https://docs.example/a b'
  expect(externalLink({ url, description: '**How** it works' })).toEqual({
    href: 'https://docs.example/a%20b',
    text: 'How it works',
  })
  expect(externalLink({ url })?.text).toBe('docs.example')
})

test.each([
  'javascript:alert(1)',
  ' JavaScript:alert(1)',
  'data:text/html,x',
  'mailto:a@b.example',
  '/docs',
  '',
  'https://',
])('%j leads nowhere', (url) => {
  expect(externalLink({ url, description: 'Click' })).toBeUndefined()
})

test('mail goes to what is an address, and to nothing else', () => {
  expect(emailLink('api.team+docs@example.com')).toBe('mailto:api.team+docs@example.com')
  for (const address of [undefined, '', 'nobody', 'a@b?bcc=c@d', 'a@b\nc', '\ud83d@b'])
    expect(emailLink(address)).toBeUndefined()
})

test('half a character in a name leads somewhere', () => {
  expect(apiLinks('api', EVERYTHING).schema('\ud83d')).toBe('/apis/api/schemas/%EF%BF%BD')
})
