import { csvLine } from '../docs/csv.ts'
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
  if (format === 'csv') yield csvLine(['at', 'action', 'actor', 'target', 'ip', 'detail'])
  let after: AuditRecord | undefined
  for (;;) {
    const page = await audit.list({ ...filter, limit: PAGE, ...(after === undefined ? {} : { after }) })
    if (page.length > 0) yield page.map(format === 'csv' ? csv : jsonl).join('')
    after = page.at(-1)
    if (page.length < PAGE || after === undefined) return
  }
}

function jsonl(record: AuditRecord): string {
  return `${JSON.stringify({ ...record, at: new Date(record.at).toISOString() })}\n`
}

function csv({ at, action, actor = '', target = '', ip = '', detail = {} }: AuditRecord): string {
  return csvLine([new Date(at).toISOString(), action, actor, target, ip, JSON.stringify(detail)])
}
