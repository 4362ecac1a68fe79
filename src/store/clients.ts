import type { Kysely } from 'kysely'
import { epoch } from './clock.ts'
import { Remembered, type StateOf } from './remembered.ts'
import type { Database } from './schema.ts'

/** A registered app. */
export interface ClientRecord {
  readonly id: string
  /** The person who registered it; none: an operator did. */
  readonly ownerId?: string
  /** A group of the directory, whose members manage it as well. */
  readonly team?: string
  /** The people, by id, and groups that it is limited to; none: anyone may use it. */
  readonly assigned?: Assigned
  readonly name: string
  /** `service`, `web`, `single-page`, `native` or `device`. */
  readonly kind: string
  readonly apis: readonly string[]
  /** Client metadata (RFC 7591, section 2), the secret as a digest. */
  readonly payload: Readonly<Record<string, unknown>>
  readonly softwareId?: string
  readonly verified: boolean
  readonly disabled: boolean
  /** Anyone registered it, nobody vouches for it. */
  readonly anonymous: boolean
  readonly lastCall?: LastCall
  readonly createdAt: number
}

export interface Assigned {
  readonly people: readonly string[]
  readonly groups: readonly string[]
}

export interface LastCall {
  /** Seconds since the epoch. */
  readonly at: number
  readonly api: string
  readonly method: string
  readonly path: string
  readonly status: number
}

/** More than anyone has who doesn't register them by mistake, or out of malice. */
export const APPS_OF_PERSON = 1000

export function clientsIn(db: Kysely<Database>, stateOf: StateOf) {
  const known = new Remembered<ClientRecord | undefined>(stateOf, ['clients'])

  async function read(id: string): Promise<ClientRecord | undefined> {
    const row = await db.selectFrom('clients').selectAll().where('id', '=', id).executeTakeFirst()
    return row === undefined ? undefined : client(row)
  }

  return {
    async add(
      client: Omit<ClientRecord, 'disabled' | 'lastCall' | 'anonymous'> & { readonly anonymous?: boolean },
    ): Promise<void> {
      await db
        .insertInto('clients')
        .values({
          id: client.id,
          owner_id: client.ownerId ?? null,
          name: client.name,
          kind: client.kind,
          apis: JSON.stringify(client.apis),
          payload: JSON.stringify(client.payload),
          software_id: client.softwareId ?? null,
          verified: client.verified ? 1 : 0,
          disabled: 0,
          last_call: null,
          team: client.team ?? null,
          assigned: client.assigned === undefined ? null : JSON.stringify(client.assigned),
          anonymous: client.anonymous ? 1 : 0,
          used_at: null,
          created_at: client.createdAt,
        })
        .execute()
    },

    /** What a client may change of itself. Unverified it can become by that, but never verified. */
    async update(
      id: string,
      { name, apis, payload, verified }: Pick<ClientRecord, 'name' | 'apis' | 'payload' | 'verified'>,
    ): Promise<void> {
      await db
        .updateTable('clients')
        .set({
          name,
          apis: JSON.stringify(apis),
          payload: JSON.stringify(payload),
          ...(verified ? {} : { verified: 0 }),
        })
        .where('id', '=', id)
        .execute()
    },

    /** The same object for as long as nothing has changed, where the database can tell that. */
    get: (id: string): Promise<ClientRecord | undefined> => known.get(id, () => read(id)),

    /** Of one owner and their teams, or all, newest first. */
    async list(ownerId?: string, teams: readonly string[] = []): Promise<ClientRecord[]> {
      let query = db.selectFrom('clients').selectAll().orderBy('created_at', 'desc').orderBy('id')
      if (ownerId !== undefined)
        query = query.where((is) =>
          is.or([is('owner_id', '=', ownerId), ...(teams.length > 0 ? [is('team', 'in', teams)] : [])]),
        )
      return (await query.execute()).map(client)
    },

    async setVerified(id: string, verified: boolean): Promise<void> {
      await db
        .updateTable('clients')
        .set({ verified: verified ? 1 : 0 })
        .where('id', '=', id)
        .execute()
    },

    /** Hands it over: to a person, with or without a team. */
    async setOwner(id: string, ownerId: string, team: string | undefined): Promise<void> {
      await db
        .updateTable('clients')
        .set({ owner_id: ownerId, team: team ?? null })
        .where('id', '=', id)
        .execute()
    },

    /** Undefined: anyone may use it. */
    async setAssigned(id: string, assigned: Assigned | undefined): Promise<void> {
      await db
        .updateTable('clients')
        .set({ assigned: assigned === undefined ? null : JSON.stringify(assigned) })
        .where('id', '=', id)
        .execute()
    },

    async setDisabled(id: string, disabled: boolean): Promise<void> {
      await db
        .updateTable('clients')
        .set({ disabled: disabled ? 1 : 0 })
        .where('id', '=', id)
        .execute()
    },

    async recordCall(id: string, call: LastCall): Promise<void> {
      await db
        .updateTable('clients')
        .set({ last_call: JSON.stringify(call) })
        .where('id', '=', id)
        .execute()
    },

    /** Keeps an anonymous one from being swept. */
    async recordUse(id: string): Promise<void> {
      await db.updateTable('clients').set({ used_at: epoch() }).where('id', '=', id).execute()
    },

    /** Of one owner, or those that anyone registered. */
    async count(of: { readonly ownerId: string } | 'anonymous'): Promise<number> {
      const { count } = await db
        .selectFrom('clients')
        .select(({ fn }) => fn.countAll().as('count'))
        .where((is) => (of === 'anonymous' ? is('anonymous', '=', 1) : is('owner_id', '=', of.ownerId)))
        .executeTakeFirstOrThrow()
      return Number(count)
    },

    /** With everything that was issued to it. */
    async remove(id: string): Promise<void> {
      await db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('payloads').where('client_id', '=', id).execute()
        await transaction.deleteFrom('consents').where('client_id', '=', id).execute()
        await transaction.deleteFrom('clients').where('id', '=', id).execute()
      })
    },
  }
}

function client(row: Database['clients']): ClientRecord {
  return {
    id: row.id,
    ...(row.owner_id === null ? {} : { ownerId: row.owner_id }),
    ...(row.team === null ? {} : { team: row.team }),
    ...(row.assigned === null ? {} : { assigned: JSON.parse(row.assigned) as Assigned }),
    name: row.name,
    kind: row.kind,
    apis: JSON.parse(row.apis) as string[],
    payload: JSON.parse(row.payload) as ClientRecord['payload'],
    ...(row.software_id === null ? {} : { softwareId: row.software_id }),
    verified: row.verified === 1,
    disabled: row.disabled === 1,
    anonymous: row.anonymous === 1,
    ...(row.last_call === null ? {} : { lastCall: JSON.parse(row.last_call) as LastCall }),
    createdAt: row.created_at,
  }
}
