import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { openDirectory } from '../authorization-server/directory.ts'
import { type LinkPurpose, passwordLinks } from '../authorization-server/password-link.ts'
import { profilesOf } from '../authorization-server/profile.ts'
import { revocationIn } from '../authorization-server/revocation.ts'
import { attributeValues } from '../policy/conditions.ts'
import type { PersonRecord } from '../store/people.ts'
import type { Store } from '../store/store.ts'
import { CommandError } from './command-error.ts'
import { message, print } from './print.ts'
import { withStore } from './store.ts'

const ACTOR = 'command line'

export function addUsers(program: Command): void {
  const users = program.command('users').description("the people who can sign in, on the server's own database")

  users
    .command('list')
    .description('everyone, with their groups')
    .option('--json', 'print as JSON')
    .action(async (options: { json?: true }) => {
      const people = await withStore(({ people }) => people.list())
      if (options.json) print(JSON.stringify(people))
      else for (const person of people) print(describe(person))
    })

  users
    .command('add')
    .description('add someone; their password is printed, once, or with --invite a link by which they set it')
    .argument('<email>')
    .requiredOption('--name <name>')
    .option('--group <name...>', 'the groups to put them in')
    .option('--invite', 'print a link, good once and for seven days, by which they choose a password')
    .action(async (email: string, options: { name: string; group?: string[]; invite?: true }) => {
      const { name, group = [], invite = false } = options
      if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new CommandError(`${email}: not an e-mail address.`)
      const password = randomBytes(12).toString('base64url')
      await withStore(async (store, { publicUrl }) => {
        if ((await store.people.byEmail(email)) !== undefined) throw new CommandError(`${email}: already there.`)
        const known = invite ? ({ status: 'invited' } as const) : { password }
        const person = await openDirectory(store).add({ email, name, groups: group, ...known })
        await audit(store, 'person.added', person, { groups: group, invited: invite })
        message(
          invite ? `Invited ${email}. Their link, good once and for seven days:` : `Added ${email}. Their password:`,
        )
        print(invite ? await passwordLink(store, publicUrl, person, 'invitation') : password)
      })
    })

  users
    .command('reset')
    .description('a link, good once and for an hour, by which someone chooses another password')
    .argument('<email>')
    .action(async (email: string) => {
      await withStore(async (store, { publicUrl }) => {
        const person = await find(store, email)
        if (person.status === 'disabled') throw new CommandError(`${email}: is disabled.`)
        const purpose = person.status === 'invited' ? 'invitation' : 'reset'
        await audit(store, 'person.password-link', person, { purpose })
        message(`The link for ${email}:`)
        print(await passwordLink(store, publicUrl, person, purpose))
      })
    })

  users
    .command('disable')
    .description('shut someone out: every session and every token in their name ends at once')
    .argument('<email>')
    .option('--undo', 'let them in again')
    .action(async (email: string, { undo = false }: { undo?: boolean }) => {
      await withStore(async (store) => {
        const person = await find(store, email)
        await revocationIn(store).setPersonDisabled(person.id, !undo)
        await audit(store, undo ? 'person.enabled' : 'person.disabled', person, {})
      })
      message(undo ? `${email} may sign in again.` : `${email} is disabled.`)
    })

  users
    .command('groups')
    .description('show or change the groups that someone is in')
    .argument('<email>')
    .option('--add <name...>')
    .option('--remove <name...>')
    .action(async (email: string, { add = [], remove = [] }: { add?: string[]; remove?: string[] }) => {
      await withStore(async (store) => {
        const person = await find(store, email)
        for (const group of add) await store.people.joinGroup(person.id, group)
        for (const group of remove) await store.people.leaveGroup(person.id, group)
        if (add.length + remove.length > 0) await revocationIn(store).reviewPerson(person.id)
        if (add.length + remove.length > 0) await audit(store, 'person.groups', person, { add, remove })
        print(describe((await store.people.get(person.id)) ?? person))
      })
    })

  users
    .command('profile')
    .description('show or change the attributes of someone that policies may ask for; tokens of before are judged anew')
    .argument('<email>')
    .option('--set <attribute=value...>', 'one attribute given twice has both values')
    .option('--unset <attribute...>')
    .option('--json', 'print as JSON')
    .action(async (email: string, options: { set?: string[]; unset?: string[]; json?: true }) => {
      const changes = attributesOf(options.set ?? [], options.unset ?? [])
      await withStore(async (store, { signInProvider }) => {
        const person = await find(store, email)
        const revocation = revocationIn(store)
        const profiles = profilesOf({ store, revocation, saidElsewhere: signInProvider !== undefined })
        for (const [attribute, values] of changes) {
          const outcome = await profiles.setAttribute(person.id, { attribute, values, by: { actor: ACTOR } })
          if (!outcome.ok) throw new CommandError(`${email}: ${attribute}: ${outcome.message}`)
        }
        const { profile } = (await store.people.get(person.id)) ?? person
        if (options.json) print(JSON.stringify(profile))
        else for (const name of Object.keys(profile)) print(`${name}\t${attributeValues(profile, name).join(', ')}`)
      })
    })

  users
    .command('remove')
    .description('delete someone for good, with every session and token in their name; their apps stay')
    .argument('<email>')
    .action(async (email: string) => {
      const apps = await withStore(async (store) => {
        const person = await find(store, email)
        const owned = await store.clients.list(person.id)
        await revocationIn(store).removePerson(person.id)
        await audit(store, 'person.removed', person, { apps: owned.map(({ id }) => id) })
        return owned
      })
      message(`${email} is removed.`)
      for (const { id, name, team } of apps)
        print(`${id}\t${name}\t${team === undefined ? "nobody's: hand it over on its page" : `with the team ${team}`}`)
    })
}

/** By attribute, its values; none: it is taken away. */
function attributesOf(set: readonly string[], unset: readonly string[]): Map<string, string[]> {
  const changes = new Map(unset.map((attribute): [string, string[]] => [attribute, []]))
  for (const text of set) {
    const [, attribute, value] = /^([^=]+)=(.+)$/s.exec(text) ?? []
    if (attribute === undefined || value === undefined) throw new CommandError(`--set ${text}: takes attribute=value.`)
    changes.set(attribute, [...(changes.get(attribute) ?? []), value])
  }
  return changes
}

async function passwordLink(
  store: Store,
  publicUrl: string,
  { id }: PersonRecord,
  purpose: LinkPurpose,
): Promise<string> {
  const token = await passwordLinks({ store, revocation: revocationIn(store) }).mint(id, purpose)
  return `${publicUrl}/password/${token}`
}

async function find({ people }: Store, email: string): Promise<PersonRecord> {
  const person = await people.byEmail(email)
  if (person === undefined) throw new CommandError(`${email}: nobody has this address.`)
  return person
}

function describe({ email, name, groups, status }: PersonRecord): string {
  return `${email}\t${name}\t${groups.join(', ') || 'no group'}${status === 'active' ? '' : `\t${status}`}`
}

async function audit(
  { audit }: Store,
  action: string,
  person: PersonRecord,
  detail: Record<string, unknown>,
): Promise<void> {
  await audit.append({ actor: ACTOR, action, target: person.id, detail: { email: person.email, ...detail } })
}
