import { describe, expect, test } from 'vitest'
import { code, comment, key, literal, markdown, prose, quote } from '../../src/sdk/typescript/text.ts'

const HOSTILE = [
  '',
  "a'b",
  'a"b',
  'a\\',
  ['`$', '{1}`'].join(''),
  '*/ evil() /*',
  'a\nb\r\u2028\u2029',
  '</script>',
  '\u0000\u007F',
  '__proto__',
  '😀',
]

describe('literals read back as what they were', () => {
  const evaluate = (source: string): unknown => new Function(`return (${source})`)()

  test.each(HOSTILE)('%j', (text) => {
    expect(evaluate(quote(text))).toBe(text)
    expect(quote(text)).not.toMatch(/[\n\r\u2028\u2029]/)
    const value = { [text]: [text, 1, true, null, { nested: text }] }
    expect(evaluate(literal(value))).toEqual(value)
    expect(Object.keys(evaluate(`{ ${key(text)}: 1 }`) as object)).toEqual([text])
  })
})

describe('comments', () => {
  test.each([
    ['*/ evil()', '/** *\\/ evil() */\n'],
    ['@ts-expect-error', '/** \\@ts-expect-error */\n'],
    ['a\n  @deprecated', '/**\n * a\n *   \\@deprecated\n */\n'],
    ['see {@link x}', '/** see {\\@link x} */\n'],
    ['mail me@example.com', '/** mail me@example.com */\n'],
  ])('%j', (text, want) => {
    expect(comment([prose(text)])).toBe(want)
  })

  test('nothing for nothing', () => {
    expect(comment([])).toBe('')
    expect(comment(['', undefined])).toBe('')
  })
})

test('Markdown shows text as it is', () => {
  expect(markdown('a | b\n# [x](javascript:1) <img>')).toBe('a \\| b \\# \\[x\\](javascript:1) \\<img\\>')
  expect(code('a`b|c')).toBe('`` a`b\\|c ``')
})
