import type { Kysely } from 'kysely'
import { epoch } from './clock.ts'
import { type Execute, prepared } from './prepared.ts'
import type { Database } from './schema.ts'

/** A record of the authorization server's (code, token, session, grant …). */
export interface Payload {
  readonly model: string
  /** A digest, where the id is a bearer secret. */
  readonly id: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly grantId?: string
  readonly userCode?: string
  readonly uid?: string
  readonly clientId?: string
  readonly personId?: string
  readonly expiresAt?: number
}

export interface StoredPayload {
  readonly id: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly consumedAt?: number
}

type FoundPayload = Pick<Database['payloads'], 'id' | 'payload' | 'expires_at' | 'consumed_at'>

export function payloadsIn(db: Kysely<Database>, execute: Execute) {
  const findBy = (column: 'id' | 'uid' | 'user_code') =>
    prepared<{ model: string; value: string }, FoundPayload>(execute, (value) =>
      db
        .selectFrom('payloads')
        .select(['id', 'payload', 'expires_at', 'consumed_at'])
        .where('model', '=', value('model'))
        .where(column, '=', value('value')),
    )
  const queries = { id: findBy('id'), uid: findBy('uid'), user_code: findBy('user_code') }

  const put = prepared<Omit<Database['payloads'], 'consumed_at'>, unknown>(execute, (value) => {
    const row = {
      payload: value('payload'),
      grant_id: value('grant_id'),
      user_code: value('user_code'),
      uid: value('uid'),
      client_id: value('client_id'),
      person_id: value('person_id'),
      expires_at: value('expires_at'),
    }
    return db
      .insertInto('payloads')
      .values({ model: value('model'), id: value('id'), ...row, consumed_at: null })
      .onConflict((conflict) => conflict.columns(['model', 'id']).doUpdateSet(row))
  })

  const consume = prepared<{ model: string; id: string; now: number }, unknown>(execute, (value) =>
    db
      .updateTable('payloads')
      .set({ consumed_at: value('now') })
      .where('model', '=', value('model'))
      .where('id', '=', value('id'))
      .where('consumed_at', 'is', null),
  )

  async function find(model: string, column: keyof typeof queries, value: string): Promise<StoredPayload | undefined> {
    const [row] = (await queries[column]({ model, value })).rows
    if (row === undefined || (row.expires_at !== null && row.expires_at <= epoch())) return undefined
    return {
      id: row.id,
      payload: JSON.parse(row.payload) as StoredPayload['payload'],
      ...(row.consumed_at === null ? {} : { consumedAt: row.consumed_at }),
    }
  }

  return {
    async put({ model, id, payload, grantId, userCode, uid, clientId, personId, expiresAt }: Payload): Promise<void> {
      await put({
        model,
        id,
        payload: JSON.stringify(payload),
        grant_id: grantId ?? null,
        user_code: userCode ?? null,
        uid: uid ?? null,
        client_id: clientId ?? null,
        person_id: personId ?? null,
        expires_at: expiresAt ?? null,
      })
    },

    get: (model: string, id: string) => find(model, 'id', id),
    byUid: (model: string, uid: string) => find(model, 'uid', uid),
    byUserCode: (model: string, userCode: string) => find(model, 'user_code', userCode),

    /**
     * Marks it as used, once: of any number of callers, on any number of instances, one gets `true`.
     */
    async consume(model: string, id: string): Promise<boolean> {
      const { numAffectedRows } = await consume({ model, id, now: epoch() })
      return numAffectedRows === 1n
    },

    async remove(model: string, id: string): Promise<void> {
      await db.deleteFrom('payloads').where('model', '=', model).where('id', '=', id).execute()
    },

    async removeByUid(model: string, uid: string): Promise<void> {
      await db.deleteFrom('payloads').where('model', '=', model).where('uid', '=', uid).execute()
    },

    async removeByGrant(model: string, grantId: string): Promise<void> {
      await db.deleteFrom('payloads').where('model', '=', model).where('grant_id', '=', grantId).execute()
    },

    /** Everything that was issued to a client, or in a person's name, or both; `models` narrows it. */
    async removeIssued(to: { clientId?: string; personId?: string }, models?: readonly string[]): Promise<void> {
      if (to.clientId === undefined && to.personId === undefined) throw new TypeError('Says nobody.')
      let query = db.deleteFrom('payloads')
      if (to.clientId !== undefined) query = query.where('client_id', '=', to.clientId)
      if (to.personId !== undefined) query = query.where('person_id', '=', to.personId)
      if (models !== undefined) query = query.where('model', 'in', models)
      await query.execute()
    },

    /** Ids of a client's, or a person's, records of one model. */
    async ids(model: string, of: { clientId?: string; personId?: string }): Promise<string[]> {
      let query = db.selectFrom('payloads').select('id').where('model', '=', model)
      if (of.clientId !== undefined) query = query.where('client_id', '=', of.clientId)
      if (of.personId !== undefined) query = query.where('person_id', '=', of.personId)
      return (await query.execute()).map(({ id }) => id)
    },
  }
}
