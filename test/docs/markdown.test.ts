import { describe, expect, test } from 'vitest'
import { excerpt, markdown } from '../../src/docs/markdown.ts'

describe('markdown', () => {
  test.each([
    ['script', '<script>alert(1)</script>after'],
    ['handler', '<p onclick="alert(1)">x</p>'],
    ['image with handler', '<img src=x onerror=alert(1)>'],
    ['javascript link', '[x](javascript:alert(1))'],
    ['javascript link, disguised', '[x](  JaVaScRiPt&#58;alert(1))'],
    ['javascript link in HTML', '<a href="&#106;avascript:alert(1)">x</a>'],
    ['data link', '[x](data:text/html,<script>alert(1)</script>)'],
    ['style', '<style>body{display:none}</style><p style="position:fixed">x</p>'],
    ['frame', '<iframe srcdoc="<script>alert(1)</script>"></iframe>'],
    ['form', '<form action="https://evil.example"><input name="password"><button>Sign in</button></form>'],
    ['svg', '<svg><script>alert(1)</script><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>'],
    ['mutation', '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>'],
    ['id and class', '<p id="main" class="verdict open">You can call this</p>'],
    ['meta', '<meta http-equiv="refresh" content="0;url=https://evil.example">'],
    ['plain text that is no Markdown', 'a & b'],
  ])('%s is harmless', (_, source) => {
    const html = markdown(source)
    expect(html).not.toMatch(/<(script|style|iframe|form|input|button|img|svg|math|meta|object)/i)
    expect(html).not.toMatch(/\s(on\w+|style|id|class|srcdoc)=/i)
    expect(html).not.toMatch(/(href|src)="\s*(javascript|data|vbscript):/i)
  })

  test('headings fit below the page’s own, without gaps', () => {
    expect(markdown('# One\n\n### Three\n\n# Two', 3).match(/<h\d/g)).toEqual(['<h3', '<h4', '<h3'])
  })

  test('tags that nest without end are shown as they are', () => {
    expect(markdown('<div>'.repeat(20_000))).toMatch(/^<p>&lt;div&gt;/)
  })

  test('addresses become links, file names don’t', () => {
    expect(markdown('See https://example.com/a_b')).toContain('<a href="https://example.com/a_b" rel=')
    expect(markdown('Read `x` in README.md')).not.toContain('href')
  })

  test('an image becomes a link', () => {
    expect(markdown('![A plan](https://example.com/plan.png)')).toContain(
      'rel="noopener noreferrer nofollow">A plan</a>',
    )
  })

  test('an alert says what it is', () => {
    const html = markdown('Lists.\n\n> [!NOTE]\n> Pull requests are *issues*.')
    expect(html).toMatch(/<blockquote>\s*<p><strong>Note<\/strong><br>\s*Pull requests are <em>issues<\/em>\.<\/p>/)
    expect(markdown('> [!OTHER]\n> x')).toContain('[!OTHER]')
    expect(excerpt('> [!WARNING]\n> Deprecated.')).toBe('Warning Deprecated.')
  })

  test('HTML that documents are full of is kept', () => {
    expect(markdown('<p>One <strong>two</strong></p>')).toContain('<strong>two</strong>')
  })

  test('a plain sentence takes no parser, and is escaped', () => {
    expect(markdown('The id.')).toBe('<p>The id.</p>')
    expect(markdown('"x" = 1; it’s > 0')).not.toContain('<script')
  })
})

describe('excerpt: the first words, without markup', () => {
  test.each<[string, string | undefined]>([
    ['# The *People* [API](https://x)\n\nMore', 'More'],
    ['# Only *this*', 'Only this'],
    ['The *People* [API](https://x (a title)), `v1`\nand __more__.\n\nNot this.', 'The People API, v1 and more.'],
    ['> Deprecated. Use **v2**.\n\nMore', 'Deprecated. Use v2.'],
    ['- one\n- [two](https://x)\n  - three', 'one; two; three'],
    ['1. first\n2. second', 'first; second'],
    ['| a | b |\n| - | - |\n| 1 | 2 |\n\nA table.', 'A table.'],
    ['```\ncode()\n```\n\nHow it is called.', 'How it is called.'],
    ['<p>Returns a <b>list</b> of R&amp;D people.</p>', 'Returns a list of R&D people.'],
    ['<!-- note -->\n\nText <br> here', 'Text here'],
    ['![A plan](plan.png) of it', 'A plan of it'],
    ['[reference][1] \\*escaped\\* &copy;\n\n[1]: https://x', 'reference *escaped* ©'],
    ['2 > 1 and a_b_c * 3', '2 > 1 and a_b_c * 3'],
    ['---\n\n', undefined],
    ['', undefined],
  ])('%j', (source, words) => {
    expect(excerpt(source)).toBe(words)
  })

  test('cut between words', () => {
    expect(excerpt('a '.repeat(200), 20)).toMatch(/^(a ){9,10}?a?…$/)
  })
})

test('a link to a heading, which has no id here, is only its words; one to a field leads there', () => {
  expect(markdown('See [the rules](#the-rules), or [`limit`](#query.limit).')).toContain(
    '<p>See <a>the rules</a>, or <a href="#query.limit"><code>limit</code></a>.</p>',
  )
})
