import type { AuditFilter } from '../../store/audit.ts'
import type { Fields } from '../form/posted.ts'

/** The filter of an address: `?action=token.&actor=…&since=2026-11-01`. What can't be read filters nothing. */
export function auditFilter(fields: Fields): AuditFilter {
  const text = (name: 'action' | 'actor' | 'target') => {
    const value = fields.one(name).trim()
    return value === '' ? {} : { [name]: value }
  }
  const time = (name: 'since' | 'until', more = 0) => {
    const at = /^\d{4}-\d\d-\d\d$/.test(fields.one(name)) ? Date.parse(fields.one(name)) + more : Number.NaN
    return Number.isNaN(at) ? {} : { [name]: at }
  }
  return { ...text('action'), ...text('actor'), ...text('target'), ...time('since'), ...time('until', 86_400_000) }
}

/** Back to an address, without what is empty. */
export function auditQuery(fields: Fields): URLSearchParams {
  const names = ['action', 'actor', 'target', 'since', 'until']
  return new URLSearchParams(
    names.flatMap((name) => (fields.one(name) === '' ? [] : [[name, fields.one(name)] as [string, string]])),
  )
}
