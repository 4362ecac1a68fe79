import type { AuditFilter, AuditRecord } from '../store/audit.ts'
import type { Store } from '../store/store.ts'

/** Entries that are read at a time. */
const PAGE = 1_000

export type AuditFormat = 'jsonl' | 'csv'

/** The whole of the log that a filter leaves, newest first, a page at a time: it may be larger than the memory. */
export async function* exportAudit(
  audit: Store['audit'],
  filter: AuditFilter,
  format: AuditFormat,
): AsyncGenerator<string> {
  if (format === 'csv') yield 'at,action,actor,target,ip,detail\r\n'
  let after: AuditRecord | undefined
  for (;;) {
    const page = await audit.list({ ...filter, limit: PAGE, ...(after === undefined ? {} : { after }) })
    if (page.length > 0) yield page.map(format === 'csv' ? csvLine : jsonLine).join('')
    after = page.at(-1)
    if (page.length < PAGE || after === undefined) return
  }
}

function jsonLine(record: AuditRecord): string {
  return `${JSON.stringify({ ...record, at: new Date(record.at).toISOString() })}\n`
}

function csvLine({ at, action, actor = '', target = '', ip = '', detail = {} }: AuditRecord): string {
  const cells = [new Date(at).toISOString(), action, actor, target, ip, JSON.stringify(detail)]
  return `${cells.map(csvCell).join(',')}\r\n`
}

/** RFC 4180; what a spreadsheet would take for a formula is made text. */
function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
