import { basename } from 'node:path'
import { convertToTsx } from '@astrojs/astro2tsx'
import ts from 'typescript'

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

/** Words in the source of a page that a reader would see. */
export function literals(path: string, source: string): string[] {
  const text = path.endsWith('.astro') ? convertToTsx(source, { filename: path }).code : source
  const file = ts.createSourceFile(`${basename(path)}.tsx`, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const found: string[] = []
  const look = (node: ts.Node, shown: boolean): void => {
    if (ts.isImportDeclaration(node)) return
    if (isCode(node)) {
      for (const choice of choices(node)) look(choice, true)
      return
    }
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText(file) === 'html') {
      const { words, parts } = markup(node.template)
      found.push(...words)
      for (const { expression, shown } of parts) look(expression, shown)
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

/** What HTML in a template says, and which of its parts stand where readers see them. */
function markup(template: ts.TemplateLiteral): {
  readonly words: readonly string[]
  readonly parts: readonly { readonly expression: ts.Expression; readonly shown: boolean }[]
} {
  const spans = ts.isTemplateExpression(template) ? [...template.templateSpans] : []
  const texts = [ts.isTemplateExpression(template) ? template.head : template, ...spans.map(({ literal }) => literal)]
  const upTo = (index: number): string =>
    texts
      .slice(0, index + 1)
      .map(({ text }) => text)
      .join('…')
  const whole = upTo(spans.length)
  const attributes = [...whole.matchAll(/([\w-]+)="([^"]*)"/g)].filter(([, name = '']) => SHOWN.test(name))
  const between = whole.split(/<[^>]*>|[\w-]+="[^"]*"/)
  return {
    words: [...between, ...attributes.map(([, , value = '']) => value)]
      .map((text) => text.trim())
      .filter((text) => LETTER.test(text)),
    parts: spans.map(({ expression }, index) => {
      const tag = /<[^<>]*$/.exec(upTo(index))?.[0]
      const [, attribute = ''] = /([\w-]+)="[^"]*$/.exec(tag ?? '') ?? []
      return { expression, shown: tag === undefined || SHOWN.test(attribute) }
    }),
  }
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
