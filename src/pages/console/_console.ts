import type { Person } from '../../server/portal.ts'
import type { ConsoleLocals } from '../../server/portal-people.ts'
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
