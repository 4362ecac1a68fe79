import type { TryForm } from '../docs/try-it.ts'
import type { TryDraft } from '../docs/try-request.ts'
import { draftOf, plain } from './share.ts'

/** A call that was made in this tab. */
export interface PastCall {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly status: number
  /** With the query. */
  readonly path: string
  readonly draft: TryDraft
}

const MOST = 20
/** Characters of one call; a larger one isn't kept. */
const LARGEST = 64 * 1024

/** Newest first. Kept for the tab, by operation; keys, tokens and files are not part of it. */
export function readHistory(form: TryForm): PastCall[] {
  const stored: unknown = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? '[]')
  if (!Array.isArray(stored)) return []
  return stored.flatMap((entry: Partial<PastCall>): PastCall[] => {
    const draft = draftOf(entry.draft, form)
    if (draft === undefined || typeof entry.at !== 'number' || typeof entry.status !== 'number') return []
    return [{ at: entry.at, status: entry.status, path: String(entry.path), draft }]
  })
}

export function remember(form: TryForm, call: PastCall): PastCall[] {
  const { keys: _, ...draft } = call.draft
  const entry = JSON.stringify({ ...call, draft }, plain)
  const history = readHistory(form)
  if (entry.length > LARGEST) return history
  const next = [JSON.parse(entry), ...history].slice(0, MOST)
  sessionStorage.setItem(keyOf(form), JSON.stringify(next, plain))
  return readHistory(form)
}

function keyOf({ api, operation }: TryForm): string {
  return `try/${api}/${operation}`
}
