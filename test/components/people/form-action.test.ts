import { expect, test } from 'vitest'
import { formActionDirective } from '../../../src/components/people/form-action.ts'

test.each([
  ['https://app.example', 'form-action https://app.example'],
  ['http://127.0.0.1:49152', 'form-action http://127.0.0.1:49152'],
  ['com.example.app:', 'form-action com.example.app:'],
  ['http://[::1]:8080', 'form-action http:'],
  ["'self'", undefined],
  ['https:', undefined],
  ['data:', undefined],
  ['javascript:', undefined],
  ['https://*.example', undefined],
  ['https://a;script-src', undefined],
  ['https://a,b.example', undefined],
  ['https://app.example *', undefined],
])('%s → %s', (source, directive) => {
  expect(formActionDirective(source)).toBe(directive)
})
