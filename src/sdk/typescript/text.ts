/**
 * The one place where text from a document becomes part of source code. Whatever a document says, it stays within the
 * comment, the literal or the Markdown that it is put into.
 */

/** A string literal, safe in any file and in HTML. */
export function quote(text: string): string {
  return `'${JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll("'", "\\'")
    .replace(/[\u2028\u2029\u007F-\u009F]/g, escapeCode)}'`
}

/** Stands in data for a name of the program. */
export class Identifier {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/** An object literal for JSON-like data, on one line. */
export function literal(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (value instanceof Identifier) return value.name
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => `${key(name)}: ${literal(member)}`)
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
  }
  return JSON.stringify(value)
}

/** A property name. `__proto__` would set the prototype where it isn't computed. */
export function key(name: string): string {
  if (name === '__proto__') return "['__proto__']"
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : quote(name)
}

/** A TSDoc block, or nothing for no lines. Text can't end it, and can't pass for a tag. */
export function comment(lines: readonly (string | undefined)[], indent = ''): string {
  const text = lines
    .filter((line) => line !== undefined)
    .flatMap((line) => line.split('\n'))
    .map((line) => line.trimEnd())
  while (text.length > 0 && text.at(-1) === '') text.pop()
  if (text.length === 0) return ''
  const only = text[0] ?? ''
  if (text.length === 1 && only.length < 110) return `${indent}/** ${only} */\n`
  return `${indent}/**\n${text.map((line) => `${indent} *${line === '' ? '' : ` ${line}`}\n`).join('')}${indent} */\n`
}

/** Text of a document, made fit for {@link comment}. */
export function prose(text: string): string {
  return (
    text
      .trim()
      .replace(/\r\n?|[\u2028\u2029]/g, '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they have no place in a comment.
      .replace(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, ' ')
      .replaceAll('*/', '*\\/')
      .replace(/(^|\n|\{)(\s*)@/g, '$1$2\\@')
  )
}

/** The first paragraph: what a list of methods has room for. */
export function firstParagraph(text: string): string {
  return (text.trim().split(/\n\s*\n/)[0] ?? '').replace(/\s+/g, ' ')
}

/** Within a Markdown table or heading: plain text on one line. */
export function markdown(text: string): string {
  return prose(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]<>|#!&]/g, '\\$&')
}

/** A code span of Markdown. */
export function code(text: string): string {
  const flat = text.replace(/\s+/g, ' ').replaceAll('|', '\\|')
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return longest === 0 ? `${fence}${flat}${fence}` : `${fence} ${flat} ${fence}`
}

function escapeCode(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}
