import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import { type Execute, prepared } from './prepared.ts'
import type { Database } from './schema.ts'

/** Something that happened and matters to security. Append-only. Callers never put a secret into `detail`. */
export interface AuditEntry {
  /** A person's id, a client's id, or none: the server itself. */
  readonly actor?: string
  /** `token.issued`, `token.denied`, `client.registered`, `sign-in.succeeded` … */
  readonly action: string
  /** What it was done to: a client's id, a person's id, an API's name. */
  readonly target?: string
  readonly detail?: Readonly<Record<string, unknown>>
  /** Undefined where it isn't known, or nobody's request. */
  readonly ip?: string | undefined
}

export interface AuditRecord extends AuditEntry {
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

export interface AuditFilter {
  readonly actor?: string
  readonly target?: string
  /** The whole of it, or with a dot at the end its beginning: `token.` */
  readonly action?: string
  /** Milliseconds since the epoch: from, and up to but not with. */
  readonly since?: number
  readonly until?: number
}

export function auditIn(db: Kysely<Database>, execute: Execute) {
  let last = 0
  const insert = prepared<Database['audit'], unknown>(execute, (value) =>
    db.insertInto('audit').values({
      id: value('id'),
      at: value('at'),
      actor: value('actor'),
      action: value('action'),
      target: value('target'),
      detail: value('detail'),
      ip: value('ip'),
    }),
  )

  return {
    /** Returns once it can't be lost any more. */
    async append({ actor, action, target, detail = {}, ip }: AuditEntry): Promise<void> {
      // Never the same instant twice, so that the order of this instance's entries is theirs.
      last = Math.max(Date.now(), last + 1)
      await insert({
        id: entryId(last),
        at: last,
        actor: actor ?? null,
        action,
        target: target ?? null,
        detail: JSON.stringify(detail),
        ip: ip ?? null,
      })
    },

    /** Newest first. */
    async list(
      filter: AuditFilter & { before?: number; after?: Pick<AuditRecord, 'at' | 'id'>; limit?: number } = {},
    ): Promise<AuditRecord[]> {
      let query = db
        .selectFrom('audit')
        .selectAll()
        .orderBy('at', 'desc')
        .orderBy('id')
        .limit(filter.limit ?? 100)
      if (filter.target !== undefined) query = query.where('target', '=', filter.target)
      if (filter.actor !== undefined) query = query.where('actor', '=', filter.actor)
      const { action, after } = filter
      if (action?.endsWith('.'))
        query = query.where('action', '>=', action).where('action', '<', `${action.slice(0, -1)}/`)
      else if (action !== undefined) query = query.where('action', '=', action)
      if (filter.since !== undefined) query = query.where('at', '>=', filter.since)
      if (filter.until !== undefined) query = query.where('at', '<', filter.until)
      // Instances share the log, so that two entries may be of the same instant.
      if (after !== undefined)
        query = query.where((is) =>
          is.or([is('at', '<', after.at), is.and([is('at', '=', after.at), is('id', '>', after.id)])]),
        )
      if (filter.before !== undefined) query = query.where('at', '<', filter.before)
      return (await query.execute()).map((row) => ({
        id: row.id,
        at: row.at,
        action: row.action,
        ...(row.actor === null ? {} : { actor: row.actor }),
        ...(row.target === null ? {} : { target: row.target }),
        ...(row.ip === null ? {} : { ip: row.ip }),
        detail: JSON.parse(row.detail) as Record<string, unknown>,
      }))
    },
  }
}

/** Of 24 hexadecimal digits, the time first: entries of about the same time are neighbours in the index, too, and written as one. */
function entryId(at: number): string {
  return at.toString(16).padStart(12, '0') + randomUUID().slice(-12)
}
