import type { Inline } from '../wording/inline.ts'
import type { JsonLine } from './json-lines.ts'

/** Markdown, for machines that read. What documents say goes in as they wrote it. */

/** The address of a page's Markdown. */
export function plainAddress(href: string): string {
  const [, path = '', rest = ''] = /^([^?#]*)(.*)$/.exec(href) ?? []
  return `${path === '/' ? '/index' : path}.md${rest}`
}

export function section(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`## ${title}`, items[0]?.startsWith('- ') ? items.join('\n') : list(items)]
}

export function page(title: string, parts: readonly (string | undefined)[]): string {
  const solid = parts.filter((part) => part !== undefined && part.trim() !== '')
  return `${[`# ${line(title)}`, ...solid].join('\n\n')}\n`
}

export function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n')
}

export function words(inline: readonly Inline[]): string {
  return inline
    .map((part) => {
      if (typeof part === 'string') return part
      if ('code' in part) return tick(part.code)
      if ('strong' in part) return `**${part.strong}**`
      return 'link' in part ? `[${part.link}](${part.href})` : part.text
    })
    .join('')
}

export function text(lines: readonly JsonLine[]): string {
  return lines
    .filter((one) => one.withheld === undefined)
    .map(({ depth, text: content }) => '  '.repeat(depth) + content)
    .join('\n')
}

/** As code, whatever backticks it holds. */
export function tick(code: string): string {
  const longest = Math.max(0, ...[...code.matchAll(/`+/g)].map(([run]) => run.length))
  const mark = '`'.repeat(longest + 1)
  return longest === 0 ? `${mark}${line(code)}${mark}` : `${mark} ${line(code)} ${mark}`
}

export function fence(language: string, code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/^\s*(`{3,})/gm)].map(([, run = '']) => run.length))
  const mark = '`'.repeat(longest + 1)
  return `${mark}${language}\n${code}\n${mark}`
}

/** On one line. */
export function line(source: string): string {
  return source.replace(/\s+/g, ' ').trim()
}

export function paragraph(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [lines.join('\n')]
}
