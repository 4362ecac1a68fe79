import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { convertToTsx } from '@astrojs/astro2tsx'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { code, plain, said, strong } from '../../src/wording/inline.ts'
import type { Language } from '../../src/wording/wording.ts'
import * as wording from '../../src/wording/wording.ts'

/** A language that lacks something which English says doesn't compile. */
const language: Language = wording

/** Where the interface is made. */
const FOLDERS = ['src/components', 'src/pages', 'src/docs', 'src/islands']

/** Programs, and what programs read: samples, commands, answers of endpoints, headers. */
const FOR_PROGRAMS =
  /^src\/(pages\/.*\.ts$|docs\/(samples|install|sitemap)\.ts|components\/(people\/form-action|apps\/(get-started|sign-in-program))\.ts)/
/** The same in every language: names, keys, and the notation of types and of HTTP. */
const NAMES = new Set([
  'pnpm',
  'Yarn 4',
  '.env',
  '.npmrc',
  'first-call.mts',
  'JSON',
  'JSON Lines',
  'YAML',
  'CSV',
  'TypeScript',
  'Ctrl K',
  'one of',
  'any of',
  'one way',
  'map of ',
  'null',
  'undefined',
  'Bearer ',
  '2026-01-31T09:00:00Z',
])

/** Attributes, members and variables that readers see or hear. */
const SHOWN =
  /^(alt|title|label|legend|placeholder|sentence|hint|text|description|summary|message|needed|note|aria-?([Ll]abel|[Dd]escription|[Rr]oledescription))$/
/** Attributes and members that are for machines. */
const UNSEEN = /^(class|className|class:list|style|d|rel|href|sizes|media|content|code)$/
const LETTER = /\p{L}/u
const SENTENCE = /\p{L}{2,} \p{L}+/u
/** What stands between others: `' and '`. */
const JOINT = /^ \p{L}+ $/u
/** A word beside a name that is filled in: `` `needs ${scope}` ``. */
const BESIDE = /\p{L}{2,}[:,]? $|^[:,]? \p{L}{2,}/u
/** Numbers and dates are formatted by the catalogue alone. */
const FORMATTED = /^(Intl|toLocale(Date|Time)?String)$/

async function sources(folders = FOLDERS): Promise<string[]> {
  const found = await Promise.all(
    folders.map(async (folder) => (await readdir(folder, { recursive: true })).map((name) => join(folder, name))),
  )
  return found.flat().filter((path) => /\.(astro|tsx?)$/.test(path))
}

/** Words in the source of a page that a reader would see. */
function literals(path: string, source: string): string[] {
  const text = path.endsWith('.astro') ? convertToTsx(source, { filename: path }).code : source
  const file = ts.createSourceFile(`${basename(path)}.tsx`, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const found: string[] = []
  const look = (node: ts.Node, shown: boolean): void => {
    if (ts.isImportDeclaration(node)) return
    if (isCode(node)) {
      for (const choice of choices(node)) look(choice, true)
      return
    }
    const name = nameOf(node)
    if (name !== undefined) {
      if (!UNSEEN.test(name)) ts.forEachChild(node, (child) => look(child, SHOWN.test(name)))
      return
    }
    if (ts.isJsxText(node) && LETTER.test(node.text)) found.push(node.text.trim())
    else if (isLiteral(node)) {
      if (says(node, shown)) found.push(node.text)
    } else if (ts.isIdentifier(node) && FORMATTED.test(node.text)) found.push(node.text)
    else if (ts.isJsxExpression(node)) {
      const child = !ts.isJsxAttribute(node.parent)
      if (child && isLength(node.expression)) found.push(node.getText(file))
      ts.forEachChild(node, (inner) => look(inner, shown || child))
      return
    }
    ts.forEachChild(node, (child) => look(child, shown && carries(node, child)))
  }
  look(file, false)
  return found.filter((text) => !NAMES.has(text))
}

function isLiteral(node: ts.Node): node is ts.StringLiteral | ts.TemplateLiteralLikeNode {
  return ts.isStringLiteral(node) || ts.isTemplateLiteralToken(node)
}

function says(node: ts.StringLiteral | ts.TemplateLiteralLikeNode, shown: boolean): boolean {
  if (shown) return LETTER.test(node.text)
  const part = ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node)
  return SENTENCE.test(node.text) || JOINT.test(node.text) || (part && BESIDE.test(node.text))
}

/** Of what is given a value here. */
function nameOf(node: ts.Node): string | undefined {
  const named =
    ts.isJsxAttribute(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isBindingElement(node) ||
    (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name))
  return named ? node.name.getText() : undefined
}

/** A bare number: large ones have to be grouped. */
function isLength(node: ts.Node | undefined): boolean {
  return node !== undefined && ts.isPropertyAccessExpression(node) && /^(length|size)$/.test(node.name.text)
}

/** Code is the same in every language, but for what stands in its place where there is none. */
function choices({ children }: ts.JsxElement): ts.Node[] {
  return children.flatMap((child) =>
    ts.isJsxExpression(child) && child.expression && ts.isConditionalExpression(child.expression)
      ? [child.expression]
      : [],
  )
}

function isCode(node: ts.Node): node is ts.JsxElement {
  return ts.isJsxElement(node) && /^(code|kbd|pre|script|style)$/.test(node.openingElement.tagName.getText())
}

/** Whether what a part says is what the whole says: not so of conditions, and of what is handed to functions. */
function carries(node: ts.Node, child: ts.Node): boolean {
  if (ts.isConditionalExpression(node)) return child !== node.condition
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.kind
    if (operator === ts.SyntaxKind.AmpersandAmpersandToken) return child === node.right
    return [ts.SyntaxKind.PlusToken, ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken].includes(operator)
  }
  return ts.isParenthesizedExpression(node) || ts.isTemplateExpression(node) || ts.isTemplateSpan(node)
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
