import { auditFilter } from '../../components/console/audit-filter.ts'
import { fieldsOf } from '../../components/form/posted.ts'
import type { Person } from '../../server/portal.ts'
import type { ConsoleLocals } from '../../server/portal-people.ts'
import { streamed } from '../_stream.ts'
import { notFound, signedIn, type Visit } from '../_visitor.ts'

export interface ConsoleVisit {
  readonly person: Person
  readonly console: ConsoleLocals
}

/** Whoever is signed in and no administrator is told nothing of a console. */
export function openConsole(visit: Visit): ConsoleVisit | Response {
  const person = signedIn(visit)
  if (person instanceof Response) return person
  const console = visit.locals.portal.console(person)
  return console === undefined ? notFound() : { person, console }
}

/** The log as a file. */
export function auditDownload(visit: Visit, format: 'jsonl' | 'csv', type: string): Response {
  const opened = openConsole(visit)
  if (opened instanceof Response) return opened
  const filter = auditFilter(fieldsOf(visit.url.searchParams))
  const pieces = opened.console.exportAudit(filter, format)[Symbol.asyncIterator]()
  return new Response(streamed(pieces, visit.locals), {
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="audit.${format}"`,
      'cache-control': 'no-store',
    },
  })
}
