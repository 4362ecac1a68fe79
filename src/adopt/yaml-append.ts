import { type Document, isMap, isScalar, isSeq, parse, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml'

/** What is added under one key of a file's root. */
export interface Addition {
  readonly key: string
  readonly kind: 'list' | 'map'
  /** As block YAML: each a whole list item, `- target: …`, or a whole member, `orders:read: …`, with its own lines below. */
  readonly items: readonly string[]
}

/**
 * Adds to a YAML file and leaves every other character as it is: comments, order and quotes are someone's. Only what stands
 * in brackets, or is empty, is written anew.
 */
export function appendTo(text: string, additions: readonly Addition[]): string {
  return additions.filter(({ items }) => items.length > 0).reduce(append, text)
}

function append(text: string, addition: Addition): string {
  const document = parseDocument(text)
  const appended = inserted(text, document, addition)
  return appended !== undefined && parseDocument(appended).errors.length === 0
    ? appended
    : rewritten(document, addition)
}

/** Undefined where the file gives no place to insert at. */
function inserted(text: string, document: Document, { key, kind, items }: Addition): string | undefined {
  const root = document.contents
  const pair = isMap(root) ? root.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined
  if (pair === undefined) return `${withLineEnd(text)}${key}:\n${indented(items, 2)}`
  const collection = isKind(pair.value, kind) ? pair.value : undefined
  if (!collection?.range || collection.flow === true || collection.items.length === 0) return undefined
  const [start, end] = collection.range
  const lineEnd = text[end - 1] === '\n' ? end : text.indexOf('\n', end) + 1 || text.length
  const column = start - (text.lastIndexOf('\n', start - 1) + 1)
  return withLineEnd(text.slice(0, lineEnd)) + indented(items, column) + text.slice(lineEnd)
}

function rewritten(document: Document, { key, kind, items }: Addition): string {
  const added: unknown[] | Record<string, unknown> = parse(items.join('\n'))
  const present: unknown = document.get(key)
  if (!isKind(present, kind)) document.set(key, document.createNode(added))
  else {
    present.flow = false
    for (const [name, value] of Object.entries(added)) {
      if (isSeq(present)) present.add(document.createNode(value))
      else present.set(name, document.createNode(value))
    }
  }
  if (isMap(document.contents)) document.contents.flow = false
  return document.toString({ lineWidth: 0 })
}

function isKind(node: unknown, kind: Addition['kind']): node is YAMLMap | YAMLSeq {
  return kind === 'list' ? isSeq(node) : isMap(node)
}

function indented(items: readonly string[], column: number): string {
  const margin = ' '.repeat(column)
  return items
    .flatMap((item) => item.split('\n'))
    .map((line) => (line === '' ? '\n' : `${margin}${line}\n`))
    .join('')
}

function withLineEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
