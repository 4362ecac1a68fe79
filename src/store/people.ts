import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import { epoch } from './clock.ts'
import { Remembered, type StateOf } from './remembered.ts'
import type { Database } from './schema.ts'

/** Someone in the directory, with the groups they are in right now. */
export interface PersonRecord {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly groups: readonly string[]
  readonly profile: Readonly<Record<string, unknown>>
  /** `invited`: has no password yet. */
  readonly status: 'active' | 'invited' | 'disabled'
  /** `issuer subject` at the provider where they sign in. */
  readonly externalId?: string
}

export interface NewPerson {
  readonly email: string
  readonly name: string
  /** As made by the directory; never the password. */
  readonly passwordHash?: string
  readonly profile?: Readonly<Record<string, unknown>>
  readonly groups?: readonly string[]
  readonly status?: PersonRecord['status']
  /** `issuer subject` at the provider where they sign in. */
  readonly externalId?: string
}

interface FoundPerson {
  readonly row: Database['people']
  readonly groups: readonly string[]
}

/** E-mail addresses are compared without case. */
export function peopleIn(db: Kysely<Database>, stateOf: StateOf) {
  const known = new Remembered<FoundPerson | undefined>(stateOf, ['people', 'memberships'])

  async function find(column: 'id' | 'email' | 'external_id', value: string): Promise<PersonRecord | undefined> {
    const found = await known.get(`${column} ${value}`, () => read(column, value))
    return found === undefined ? undefined : person(found.row, found.groups)
  }

  async function read(column: 'id' | 'email' | 'external_id', value: string): Promise<FoundPerson | undefined> {
    const row = await db.selectFrom('people').selectAll().where(column, '=', value).executeTakeFirst()
    if (row === undefined) return undefined
    const groups = await db
      .selectFrom('memberships')
      .select('group_name')
      .where('person_id', '=', row.id)
      .orderBy('group_name')
      .execute()
    return { row, groups: groups.map(({ group_name }) => group_name) }
  }

  return {
    async add({
      email,
      name,
      passwordHash,
      profile = {},
      groups = [],
      status = 'active',
      externalId,
    }: NewPerson): Promise<PersonRecord> {
      const id = randomUUID()
      await db.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('people')
          .values({
            id,
            email: email.toLowerCase(),
            name,
            password_hash: passwordHash ?? null,
            profile: JSON.stringify(profile),
            status,
            external_id: externalId ?? null,
            created_at: epoch(),
          })
          .execute()
        await join(transaction, id, groups)
      })
      return { id, email: email.toLowerCase(), name, groups: [...groups].sort(), profile, status }
    },

    get: (id: string) => find('id', id),
    byExternalId: (externalId: string) => find('external_id', externalId),
    byEmail: (email: string) => find('email', email.toLowerCase()),

    async list(): Promise<PersonRecord[]> {
      const rows = await db.selectFrom('people').selectAll().orderBy('email').execute()
      const memberships = await db.selectFrom('memberships').selectAll().orderBy('group_name').execute()
      const groups = Map.groupBy(memberships, ({ person_id }) => person_id)
      return rows.map((row) =>
        person(
          row,
          (groups.get(row.id) ?? []).map(({ group_name }) => group_name),
        ),
      )
    },

    /** With memberships, consents and sessions of the portal; what was done in their name keeps their id. */
    async remove(id: string): Promise<void> {
      await db.deleteFrom('people').where('id', '=', id).execute()
    },

    async passwordHash(id: string): Promise<string | undefined> {
      const row = await db.selectFrom('people').select('password_hash').where('id', '=', id).executeTakeFirst()
      return row?.password_hash ?? undefined
    },

    async setPasswordHash(id: string, hash: string): Promise<void> {
      await db.updateTable('people').set({ password_hash: hash }).where('id', '=', id).execute()
    },

    async setStatus(id: string, status: PersonRecord['status']): Promise<void> {
      await db.updateTable('people').set({ status }).where('id', '=', id).execute()
    },

    /** Who they are at the provider where they sign in, and what it says of them. */
    async setExternal(id: string, { externalId, email, name }: { externalId: string; email: string; name: string }) {
      await db
        .updateTable('people')
        .set({ external_id: externalId, email: email.toLowerCase(), name })
        .where('id', '=', id)
        .execute()
    },

    async setProfile(id: string, profile: PersonRecord['profile']): Promise<void> {
      await db
        .updateTable('people')
        .set({ profile: JSON.stringify(profile) })
        .where('id', '=', id)
        .execute()
    },

    /** As one: of changes at the same time none is lost. Undefined: no such person. */
    async changeProfile(id: string, change: (profile: PersonRecord['profile']) => PersonRecord['profile']) {
      return db.transaction().execute(async (transaction) => {
        const row = await transaction
          .updateTable('people')
          .set((expression) => ({ profile: expression.ref('profile') }))
          .where('id', '=', id)
          .returning('profile')
          .executeTakeFirst()
        if (row === undefined) return undefined
        const before = JSON.parse(row.profile) as PersonRecord['profile']
        const after = change(before)
        const profile = JSON.stringify(after)
        await transaction.updateTable('people').set({ profile }).where('id', '=', id).execute()
        return { before, after }
      })
    },

    /** Replaces every membership; groups that don't exist yet are created. */
    async setGroups(id: string, groups: readonly string[]): Promise<void> {
      await db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('memberships').where('person_id', '=', id).execute()
        await join(transaction, id, groups)
      })
    },

    async joinGroup(id: string, group: string): Promise<void> {
      await db.transaction().execute((transaction) => join(transaction, id, [group]))
    },

    async leaveGroup(id: string, group: string): Promise<void> {
      await db.deleteFrom('memberships').where('person_id', '=', id).where('group_name', '=', group).execute()
    },

    async groups(): Promise<string[]> {
      const rows = await db.selectFrom('groups').select('name').orderBy('name').execute()
      return rows.map(({ name }) => name)
    },
  }
}

async function join(db: Kysely<Database>, id: string, groups: readonly string[]): Promise<void> {
  for (const name of new Set(groups)) {
    await db
      .insertInto('groups')
      .values({ name, created_at: epoch() })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await db
      .insertInto('memberships')
      .values({ person_id: id, group_name: name })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

function person(row: Database['people'], groups: readonly string[]): PersonRecord {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    groups,
    profile: JSON.parse(row.profile) as PersonRecord['profile'],
    ...(row.external_id === null ? {} : { externalId: row.external_id }),
    status: row.status === 'active' || row.status === 'invited' ? row.status : 'disabled',
  }
}
