import { expect, test } from 'vitest'
import { externalLink } from '../../src/docs/external-link.ts'

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
