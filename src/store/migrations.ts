import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type { Database } from './schema.ts'

export type Engine = 'sqlite' | 'postgresql'

/** Brings the schema up to date. Instances that start together wait for one another (a lock of the database's). */
export async function migrate(db: Kysely<Database>, engine: Engine): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations(engine) } })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
}

/** Never edit one that was released; add another. */
function migrations(engine: Engine): Record<string, Migration> {
  return {
    '001-start': { up: (db) => createTables(db, engine) },
    '002-policy-revisions': { up: keepPolicyRevisions },
    '004-read-tokens': { up: createReadTokens },
    '005-teams-and-requests': { up: addTeamsAndRequests },
    '006-people-and-limits': { up: addPeopleAndLimits },
    '007-calls': { up: createCalls },
    '008-package-downloads': { up: addPackageDownloads },
    '009-narrow-indexes': { up: narrowIndexes },
    '010-limits-by-time': { up: limitByTime },
  }
}

/** Every state that the policies of an API were in; the last one is in force. */
async function keepPolicyRevisions(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema
    .createTable('policy_revisions')
    .addColumn('api', 'text', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('policies', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('actor', 'text')
    .addColumn('message', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('policy_revisions_key', ['api', 'revision'])
    .execute()
  await sql`insert into policy_revisions (api, revision, policies, source, created_at)
    select api, revision, policies, source, updated_at from policies`.execute(db)
  await schema.dropTable('policies').execute()
}

async function createReadTokens({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('read_tokens')
    .addColumn('token_digest', 'text', (column) => column.primaryKey())
    .addColumn('client_id', 'text', (column) => column.notNull().references('clients.id').onDelete('cascade'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute()
  await schema.createIndex('read_tokens_client_id').on('read_tokens').column('client_id').execute()
}

/** Who shares an app and who may use it, requests for more scopes, and initial access tokens that can be listed. */
async function addTeamsAndRequests({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('clients').addColumn('team', 'text').execute()
  await schema.alterTable('clients').addColumn('assigned', 'text').execute()
  await schema.createIndex('clients_team').on('clients').column('team').execute()
  await schema.alterTable('initial_access_tokens').addColumn('id', 'text').execute()
  await schema
    .createTable('scope_requests')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('client_id', 'text', (column) => column.notNull().references('clients.id').onDelete('cascade'))
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('api', 'text', (column) => column.notNull())
    .addColumn('scopes', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('answer', 'text')
    .addColumn('decided_by', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('decided_at', 'bigint')
    .execute()
  await schema.createIndex('scope_requests_client_id').on('scope_requests').column('client_id').execute()
}

/** What the sandboxes decided, counted by hour. */
async function createCalls({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('calls')
    .addColumn('hour', 'bigint', (column) => column.notNull())
    .addColumn('api', 'text', (column) => column.notNull())
    .addColumn('client_id', 'text', (column) => column.notNull())
    .addColumn('operation', 'text', (column) => column.notNull())
    .addColumn('status', 'integer', (column) => column.notNull())
    .addColumn('calls', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('calls_key', ['hour', 'api', 'client_id', 'operation', 'status'])
    .execute()
}

/** Few records have these, and each index costs every record that is written. */
async function narrowIndexes({ schema }: Kysely<unknown>): Promise<void> {
  for (const column of ['user_code', 'uid']) {
    await schema.dropIndex(`payloads_${column}`).execute()
    await schema
      .createIndex(`payloads_${column}`)
      .on('payloads')
      .column(column)
      .where(sql.ref(column), 'is not', null)
      .execute()
  }
}

/** Limits count by time alone. What was counted otherwise is forgiven, once. */
async function limitByTime(db: Kysely<unknown>): Promise<void> {
  await sql`delete from limits`.execute(db)
  await db.schema.alterTable('limits').dropColumn('count').execute()
}

async function createTables(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const { schema } = db
  const blob = engine === 'sqlite' ? sql`blob` : sql`bytea`

  await schema
    .createTable('people')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('password_hash', 'text')
    .addColumn('profile', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()

  await schema
    .createTable('groups')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()

  await schema
    .createTable('memberships')
    .addColumn('person_id', 'text', (column) => column.notNull().references('people.id').onDelete('cascade'))
    .addColumn('group_name', 'text', (column) => column.notNull().references('groups.name').onDelete('cascade'))
    .addPrimaryKeyConstraint('memberships_key', ['person_id', 'group_name'])
    .execute()

  await schema
    .createTable('payloads')
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('payload', 'text', (column) => column.notNull())
    .addColumn('grant_id', 'text')
    .addColumn('user_code', 'text')
    .addColumn('uid', 'text')
    .addColumn('client_id', 'text')
    .addColumn('person_id', 'text')
    .addColumn('expires_at', 'bigint')
    .addColumn('consumed_at', 'bigint')
    .addPrimaryKeyConstraint('payloads_key', ['model', 'id'])
    .execute()
  for (const column of ['grant_id', 'user_code', 'uid', 'client_id', 'person_id', 'expires_at'])
    await schema.createIndex(`payloads_${column}`).on('payloads').column(column).execute()

  await schema
    .createTable('clients')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('owner_id', 'text')
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('apis', 'text', (column) => column.notNull())
    .addColumn('payload', 'text', (column) => column.notNull())
    .addColumn('software_id', 'text')
    .addColumn('verified', 'integer', (column) => column.notNull())
    .addColumn('disabled', 'integer', (column) => column.notNull())
    .addColumn('last_call', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()
  await schema.createIndex('clients_owner_id').on('clients').column('owner_id').execute()

  await schema
    .createTable('initial_access_tokens')
    .addColumn('token_digest', 'text', (column) => column.primaryKey())
    .addColumn('owner_id', 'text')
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('apis', 'text', (column) => column.notNull())
    .addColumn('software_id', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute()

  await schema
    .createTable('portal_sessions')
    .addColumn('token_digest', 'text', (column) => column.primaryKey())
    .addColumn('person_id', 'text', (column) => column.notNull().references('people.id').onDelete('cascade'))
    .addColumn('data', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute()

  await schema
    .createTable('settings')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute()

  await schema
    .createTable('policies')
    .addColumn('api', 'text', (column) => column.primaryKey())
    .addColumn('policies', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute()

  await schema
    .createTable('denylist')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('revoked_at', 'bigint', (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('denylist_key', ['kind', 'id'])
    .execute()

  await schema
    .createTable('consents')
    .addColumn('person_id', 'text', (column) => column.notNull().references('people.id').onDelete('cascade'))
    .addColumn('client_id', 'text', (column) => column.notNull())
    .addColumn('api', 'text', (column) => column.notNull())
    .addColumn('scopes', 'text', (column) => column.notNull())
    .addColumn('granted_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('consents_key', ['person_id', 'client_id', 'api'])
    .execute()

  await schema
    .createTable('audit')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('actor', 'text')
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('target', 'text')
    .addColumn('detail', 'text', (column) => column.notNull())
    .addColumn('ip', 'text')
    .execute()
  await schema.createIndex('audit_at').on('audit').columns(['at', 'id']).execute()
  await schema.createIndex('audit_target').on('audit').columns(['target', 'at']).execute()

  await schema
    .createTable('packages')
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('integrity', 'text', (column) => column.notNull())
    .addColumn('tarball', blob, (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('packages_key', ['name', 'version'])
    .execute()
}

/** Sign-in at another provider, apps of anyone's, and what may not be done too often. */
async function addPeopleAndLimits({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('people').addColumn('external_id', 'text').execute()
  await schema.createIndex('people_external_id').on('people').column('external_id').unique().execute()
  await schema
    .alterTable('clients')
    .addColumn('anonymous', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()
  await schema.alterTable('clients').addColumn('used_at', 'bigint').execute()
  await schema
    .createTable('limits')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('count', 'integer', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute()
}

/** When a published package was last downloaded. */
async function addPackageDownloads(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('packages')
    .addColumn('used_at', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute()
  await sql`update packages set used_at = created_at`.execute(db)
}
