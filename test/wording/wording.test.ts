import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { code, plain, said, strong } from '../../src/wording/inline.ts'
import type { Language } from '../../src/wording/wording.ts'
import * as wording from '../../src/wording/wording.ts'
import { literals } from './literals.ts'

/** A language that lacks something which English says doesn't compile. */
const language: Language = wording

/** Where the interface is made. */
const FOLDERS = ['src/components', 'src/pages', 'src/docs', 'src/islands']

/** Programs, and what programs read: samples, commands, answers of endpoints, headers. */
const FOR_PROGRAMS =
  /^src\/(pages\/.*\.ts$|docs\/(samples|http-call|http-samples|install|sitemap)\.ts|components\/(people\/form-action|apps\/(get-started|sign-in-program))\.ts)/
async function sources(folders = FOLDERS): Promise<string[]> {
  const found = await Promise.all(
    folders.map(async (folder) => (await readdir(folder, { recursive: true })).map((name) => join(folder, name))),
  )
  return found.flat().filter((path) => /\.(astro|tsx?)$/.test(path))
}

test('the scan finds words in text, attributes, members, templates and conditions, and takes code for code', () => {
  const page = `---
const problem = 'It did not work'
const rows = [{ name: 'when', label: 'Five' }, { name: 'who', class: 'small muted' }]
const { hint = 'Six' } = Astro.props
const ways = say.ways.join(' or ')
const lacks = \`needs \${ways}\`
const path = \`/apis/\${rows}\`
---
<h1 title="Hello" class="two words">Some text <code>npm i</code> <code>{ways === '' ? 'none' : ways}</code></h1>
{problem ? 'one' : <b>{other && 'two'}</b>}
<Notice title={bad ? 'three' : say.fine} kind={a === 'b' ? 'c' : 'd'} />
<p>{say.this} · {list.join(', ')} {list.length} {at.toLocaleString('en')}</p>`
  expect(literals('page.astro', page)).toEqual([
    'It did not work',
    'Five',
    'Six',
    ' or ',
    'needs ',
    'Hello',
    'Some text',
    'none',
    'one',
    'two',
    'three',
    '{list.length}',
    'toLocaleString',
  ])
})

test('it finds words in templates of HTML, beside tags and in what readers see or hear', () => {
  const rows = `const row = html\`<li class="a \${b && 'c d'}" title="One \${two}">Three \${four && 'five'} <b>\${say.six}</b></li>\``
  expect(literals('row.ts', rows)).toEqual(['Three …', 'One …', 'five'])
})

test('pages hold no words of their own: the interface’s are in the catalogue', async () => {
  const paths = (await sources()).filter((path) => !FOR_PROGRAMS.test(path))
  const found = await Promise.all(
    paths.map(async (path) => literals(path, await readFile(path, 'utf8')).map((text) => `${path}: ${text}`)),
  )
  expect(found.flat()).toEqual([])
})

test('the catalogue holds nothing that nobody says', async () => {
  const files = (await sources(['src'])).map((path) => readFile(path, 'utf8'))
  const everything = (await Promise.all(files)).join('\n')
  const unused = Object.entries(language).flatMap(([group, phrases]) =>
    typeof phrases === 'object'
      ? Object.keys(phrases)
          .filter((key) => !new RegExp(`\\.${key}\\b`).test(everything))
          .map((key) => `${group}.${key}`)
      : [],
  )
  expect(unused).toEqual([])
})

test('names in a sentence stay text, whatever they hold', () => {
  const sentence = said`${strong('`x` [y](javascript:z)')} lacks ${[code('a'), ' and ', code('<b>')]}.`
  expect(sentence).toEqual([
    { strong: '`x` [y](javascript:z)' },
    ' lacks ',
    { code: 'a' },
    ' and ',
    { code: '<b>' },
    '.',
  ])
  expect(plain(sentence)).toBe('`x` [y](javascript:z) lacks a and <b>.')
})

test('numbers and dates are the language’s own', () => {
  expect(language.counted.operations(1223)).toBe('1,223 operations')
  expect(language.counted.operations(1)).toBe('1 operation')
  expect(language.day('2027-06-30')).toBe('Jun 30, 2027')
  expect(plain(language.names(['a', 'b', 'c', 'd'], 'or', 2))).toBe('a, b or 2 more')
})
