import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { openDirectory } from '../authorization-server/directory.ts'
import { type LinkPurpose, passwordLinks } from '../authorization-server/password-link.ts'
import { revocationIn } from '../authorization-server/revocation.ts'
import type { PersonRecord } from '../store/people.ts'
import type { Store } from '../store/store.ts'
import { CommandError } from './command-error.ts'
import { message, print } from './print.ts'
import { withStore } from './store.ts'

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
  await audit.append({ actor: 'command line', action, target: person.id, detail: { email: person.email, ...detail } })
}
