import type { Element, Nodes } from 'hast'
import rehypeParse from 'rehype-parse'
import { unified } from 'unified'
import { describe, expect, test } from 'vitest'
import { sampleCodes } from '../../../src/components/markup/code.ts'
import { call, contract } from '../../../src/components/markup/contract.ts'
import { html, joined, sanitised } from '../../../src/components/markup/html.ts'
import { operationRows } from '../../../src/components/markup/operations.ts'
import { outcome } from '../../../src/components/markup/outcome.ts'
import { fields } from '../../../src/components/markup/schema.ts'
import { words } from '../../../src/components/markup/words.ts'
import { apiLinks } from '../../../src/docs/links.ts'
import type { FieldRow, SchemaNode } from '../../../src/docs/schema-tree.ts'
import { code, link, strong } from '../../../src/wording/inline.ts'
import { operation as say } from '../../../src/wording/wording.ts'

test('text is escaped, in content and in attributes', () => {
  const text = `<b>"it's" & more</b>`
  expect(String(html`<p title="${text}">${text}</p>`)).toBe(
    '<p title="&lt;b&gt;&quot;it&#39;s&quot; &amp; more&lt;/b&gt;">&lt;b&gt;&quot;it&#39;s&quot; &amp; more&lt;/b&gt;</p>',
  )
})

test('HTML within HTML stays, and lists follow one another', () => {
  expect(String(html`<ul>${['<a>', html`<b>${'<i>'}</b>`, [1, '2']]}</ul>`)).toBe(
    '<ul>&lt;a&gt;<b>&lt;i&gt;</b>12</ul>',
  )
  expect(String(html`${sanitised('<em>kept</em>')}`)).toBe('<em>kept</em>')
})

test('nothing is shown of what isn’t there', () => {
  expect(String(html`<p>${undefined}${false}${''}${[]}${0}</p>`)).toBe('<p>0</p>')
})

test('layout of the source is none of the page; spaces that are meant stay', () => {
  expect(
    String(html`
      <p>
        a <b>${'b\n  c'}</b>
      </p>`),
  ).toBe('<p>a <b>b\n  c</b></p>')
})

test('what stands between parts is escaped, too', () => {
  expect(String(joined(['<', html`<b></b>`], ' & '))).toBe('&lt; &amp; <b></b>')
})

/** What would run, or break out, where an escape is missing. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</code></a></li></ul></div><script>alert(1)</script>',
  '<!-- ',
  ']]>',
  '&lt;script&gt;',
  '$&$`',
  '\u0000<svg onload=alert(1)>',
]

describe.each(HOSTILE)('a document that says %j everywhere', (name) => {
  const leaf: SchemaNode = {
    type: name,
    ref: name,
    description: '',
    facts: [[name, code(name), strong(name), link(name, '/x')]],
    values: [{ text: name, meaning: name }, { text: name }],
    rows: [],
    choices: [],
    more: 'recursion',
  }
  const row = (kind: FieldRow['kind'], node: SchemaNode): FieldRow => ({
    name,
    anchor: `body.${name}`,
    kind,
    flags: [name],
    scopes: [name],
    withheld: { gate: 'shut', how: name, why: [name, code(name)] },
    node,
  })
  const when = { property: name, values: [name] }
  const whole: SchemaNode = {
    ...leaf,
    rows: [row('property', leaf), row('entry', leaf), row('item', leaf)],
    choices: [
      {
        kind: 'one of',
        options: [
          { title: name, when, node: { ...leaf, rows: [row('property', leaf)] } },
          { title: name, when, node: leaf },
        ],
      },
    ],
  }
  const verdict = { gate: 'scope', judged: true, sentence: [name], short: name, missing: [[name]] } as const
  const lines = [
    { depth: 1, text: name },
    { depth: 0, text: name, withheld: { name, path: name } },
  ]
  const elsewhere = { text: name, href: 'https://example.com/' }
  const example = { title: name, description: '', generated: false, lines }
  const content = [whole, leaf].map((schema) => ({
    types: [name, name],
    schema,
    stream: true,
    examples: [
      { ...example, types: [name] },
      { ...example, types: [name], elsewhere },
    ],
  }))
  const body = { required: true, description: '', content }
  const leading = {
    name,
    description: '',
    operation: { id: name, method: name, path: name },
    with: say.linkWith([[name, name]], name),
  }
  const responses = [
    { status: name, description: '', source: '', headers: [row('property', leaf)], content, links: [leading] },
  ]
  const variables = { [name]: { default: name, enum: [name, '2'], description: name } }
  const servers = [{ name, url: name, description: name, variables }]
  const called = { description: '', parameters: [{ title: name, rows: [] }], body, responses }
  const links = apiLinks(name, { as: 'scopes', scopes: [name] })

  test.each([
    ['fields', fields([row('property', whole)], links, name)],
    [
      'operations',
      operationRows([{ id: name, title: name, method: name, path: name, deprecated: true, verdict }], links, {
        paths: true,
      }),
    ],
    ['a contract', contract({ ...called, servers }, links)],
    ['a call', call(called, links, true)],
    ['samples', sampleCodes([{ id: 'curl', title: name, code: name }])],
    ['an outcome', outcome({ status: name, example })],
    ['words', words([name, code(name), strong(name), link(name, `/${name}`)])],
  ])('%s are text', (_, made) => {
    const elements = elementsOf(unified().use(rehypeParse, { fragment: true }).parse(String(made)))
    const tags = new Set(elements.map(({ tagName }) => tagName))
    for (const tag of tags) expect(OURS, tag).toContain(tag)
    const attributes = new Set(elements.flatMap(({ properties }) => Object.keys(properties)))
    for (const attribute of attributes) expect(OUR_ATTRIBUTES, attribute).toContain(attribute)
  })
})

const OURS = [
  ...['div', 'ul', 'li', 'span', 'svg', 'use', 'a', 'code', 'i', 's', 'b', 'p', 'details', 'summary', 'small'],
  ...['section', 'h2', 'h3', 'pre', 'button'],
]
const OUR_ATTRIBUTES = [
  'className',
  'id',
  'href',
  'rel',
  'role',
  'ariaLabel',
  'ariaHidden',
  'open',
  'tabIndex',
  'type',
  'hidden',
  'ariaLive',
  'dataSample',
  'dataCopied',
]

function elementsOf(node: Nodes): Element[] {
  const below = 'children' in node ? node.children.flatMap(elementsOf) : []
  return node.type === 'element' ? [node, ...below] : below
}

test('an operation without responses says so', () => {
  const links = { schema: (name: string) => name, operation: (id: string) => id }
  const text = String(contract({ description: '', servers: [], parameters: [], responses: [] }, links))
  expect(text).toContain('The document describes none.')
})
