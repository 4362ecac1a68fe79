import type { ApiModel } from '../../src/model/api.ts'
import { SESSIONS, type Session, SHELVES } from './recorded-session.ts'
import { demo, modelOf } from './sandbox.ts'

/** What sandboxes in all places are asked: an API, what it holds at first, and a session. */
export interface Subject {
  readonly name: keyof typeof SESSIONS
  readonly model: ApiModel
  readonly data: Record<string, unknown[]>
  readonly session: Session
}

export const SUBJECTS: Promise<Subject[]> = Promise.all([subject('people'), subject('publishing'), subject('shelves')])

async function subject(name: Subject['name']): Promise<Subject> {
  const api = name === 'shelves' ? { model: modelOf(SHELVES), data: {} } : await demo(name)
  return { name, ...api, session: SESSIONS[name] }
}
