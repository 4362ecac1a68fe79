import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Store } from '../store/store.ts'
import { type Directory, openDirectory } from './directory.ts'

export interface DemoPerson {
  readonly email: string
  readonly name: string
  /** In a few words, for the button on the sign-in page. */
  readonly role: string
  readonly groups: readonly string[]
  readonly profile: Readonly<Record<string, unknown>>
}

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  person('Rosa Lindqvist', 'Administrator', ['administrators'], 'it'),
  person('Kim Adeyemi', 'Editor', ['editors'], 'news'),
  person('Dev Anand', 'Developer', ['developers'], 'engineering'),
  person('Noor Haddad', 'Reviewer and HR', ['reviewers', 'hr'], 'people'),
]

interface DemoFile {
  readonly users: readonly { readonly email: string; readonly password: string; readonly groups: readonly string[] }[]
}

/**
 * Puts the demo people into the directory, with random passwords that only `demo.json` (mode 0600) tells. Started again,
 * nothing changes: passwords stay valid, and whoever was taken out of a group stays out.
 */
export async function seedDemo(store: Pick<Store, 'people'>, dataDir: string): Promise<void> {
  const file = join(dataDir, 'demo.json')
  const known = new Map((readDemoFile(file)?.users ?? []).map((user) => [user.email, user.password]))
  const directory = openDirectory(store)
  const users: DemoFile['users'][number][] = []
  for (const demo of DEMO_PEOPLE) {
    const password = known.get(demo.email) ?? randomBytes(12).toString('base64url')
    await seedPerson(store, directory, demo, password, known.has(demo.email))
    users.push({ email: demo.email, password, groups: demo.groups })
  }
  writeFileSync(file, `${JSON.stringify({ users } satisfies DemoFile, null, 2)}\n`, { mode: 0o600 })
  chmodSync(file, 0o600)
}

async function seedPerson(
  store: Pick<Store, 'people'>,
  directory: Directory,
  { email, name, groups, profile }: DemoPerson,
  password: string,
  known: boolean,
): Promise<void> {
  const existing = await store.people.byEmail(email)
  if (existing === undefined) await directory.add({ email, name, groups, profile, password })
  else if (!known) await directory.setPassword(existing.id, password)
}

/** A file that can't be read is one that can't be trusted: new passwords are made. */
function readDemoFile(file: string): DemoFile | undefined {
  if (!existsSync(file)) return undefined
  try {
    const content: Partial<DemoFile> = JSON.parse(readFileSync(file, 'utf8'))
    const { users } = content
    if (!Array.isArray(users)) return undefined
    return { users: users.filter(({ email, password }) => typeof email === 'string' && typeof password === 'string') }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function person(name: string, role: string, groups: readonly string[], department: string): DemoPerson {
  const email = `${name.split(' ')[0]?.toLowerCase()}@northwind.example`
  return { email, name, role, groups, profile: { department } }
}
