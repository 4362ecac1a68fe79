import { isItem } from './completion.ts'

/** Server-sent events (HTML standard section 9.2): from objects that name `event`, `id`, `data`, or that are the data. */
export function formatEvents(events: readonly unknown[]): string {
  return events.map(formatEvent).join('')
}

function formatEvent(event: unknown): string {
  const fields = isItem(event) && 'data' in event ? event : { data: event }
  const lines = ['id', 'event', 'retry'].flatMap((name) => {
    const value = Object.hasOwn(fields, name) ? (fields as Readonly<Record<string, unknown>>)[name] : undefined
    return typeof value === 'string' || typeof value === 'number' ? [`${name}: ${oneLine(String(value))}`] : []
  })
  const data = typeof fields.data === 'string' ? fields.data : (JSON.stringify(fields.data) ?? '')
  for (const line of data.split(/\r\n|\r|\n/)) lines.push(`data: ${line}`)
  return `${lines.join('\n')}\n\n`
}

/** The events of a written stream, their data parsed where it is JSON. */
export function parseEvents(stream: string): Readonly<Record<string, unknown>>[] {
  return stream.split(/(?:\r\n|\r|\n){2,}/).flatMap((block) => {
    const fields = new Map<string, string>()
    for (const line of block.split(/\r\n|\r|\n/)) {
      const [, name, value = ''] = /^(id|event|retry|data): ?(.*)$/.exec(line) ?? []
      if (name === undefined) continue
      const before = fields.get(name)
      fields.set(name, name === 'data' && before !== undefined ? `${before}\n${value}` : value)
    }
    return fields.has('data') ? [{ ...Object.fromEntries(fields), data: parsed(fields.get('data') ?? '') }] : []
  })
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) return data
    throw error
  }
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\0]/g, ' ')
}
