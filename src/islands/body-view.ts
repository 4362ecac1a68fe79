import type { Withheld } from '../access/redact.ts'
import { firstLines, type JsonLine, jsonLines } from '../docs/json-lines.ts'

/** What is shown of a response body. */
export type BodyView =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'lines'
      /** What is looked at first. */
      readonly first: readonly Block[]
      /** All of it, where that is more. Takes a while: made once the first is on the screen. */
      readonly whole?: () => readonly Block[]
      readonly withheld: readonly Withheld[]
    }
  /** Too large or not text: to be saved. */
  | { readonly kind: 'file'; readonly type: string; readonly size: number; readonly blob: Blob }

/** Lines that are laid out together; a browser skips the blocks that are out of sight. */
export type Block = readonly Segment[]

export type Segment =
  /** Whole lines, with their indentation. */
  { readonly text: string } | { readonly indent: string; readonly name: string; readonly scopes: readonly string[] }

/** Bytes. What is larger is offered as a file. */
export const MOST_SHOWN = 4 * 1024 * 1024
const BLOCK = 200
const FIRST_LINES = 600

/** A JSON body, with what is withheld in its place. */
export function jsonView(body: unknown, withheld: readonly Withheld[]): BodyView {
  const paths = withheld.map(({ path }) => path)
  const first = firstLines(body, paths, FIRST_LINES)
  return {
    kind: 'lines',
    withheld,
    first: blocks(first, withheld),
    ...(first.length >= FIRST_LINES && {
      whole: () => blocks(jsonLines(body, paths, Number.POSITIVE_INFINITY), withheld),
    }),
  }
}

export function textView(text: string): BodyView {
  const lines = text.split('\n').map((line) => ({ depth: 0, text: line }))
  const first = blocks(lines.slice(0, FIRST_LINES), [])
  return { kind: 'lines', withheld: [], first, ...(lines.length > FIRST_LINES && { whole: () => blocks(lines, []) }) }
}

function blocks(lines: readonly JsonLine[], withheld: readonly Withheld[]): Block[] {
  const scopes = new Map(withheld.map((one) => [one.path, one.scopes]))
  const all: Block[] = []
  for (let start = 0; start < lines.length; start += BLOCK) {
    const block: Segment[] = []
    let text = ''
    for (const line of lines.slice(start, start + BLOCK)) {
      const indent = '  '.repeat(line.depth)
      if (line.withheld === undefined) {
        text += `${indent}${line.text}\n`
        continue
      }
      if (text !== '') block.push({ text })
      text = ''
      block.push({ indent, name: line.withheld.name, scopes: scopes.get(line.withheld.path) ?? [] })
    }
    if (text !== '') block.push({ text })
    all.push(block)
  }
  return all
}

/** The scopes that would show what is withheld, each set once. */
export function scopeSets(withheld: readonly Withheld[]): string[][] {
  const sets = new Map(withheld.map(({ scopes }) => [[...scopes].sort().join(' '), [...scopes].sort()]))
  return [...sets.values()]
}
