import { Command, CommanderError } from 'commander'
import { EnvironmentError } from '../server/environment.ts'
import { CommandError } from './command-error.ts'
import { message } from './print.ts'

type Add = (program: Command) => void

/** By name. Only the one that is asked for is loaded: together they need every library that there is. */
const COMMANDS: Readonly<Record<string, () => Promise<Add>>> = {
  start: async () => (await import('./start.ts')).addStart,
  check: async () => (await import('./check.ts')).addCheck,
  schemas: async () => (await import('./schemas.ts')).addSchemas,
  adopt: async () => (await import('./adopt.ts')).addAdopt,
  decide: async () => (await import('./decide.ts')).addDecide,
  sdk: async () => (await import('./sdk/command.ts')).addSdk,
  sandbox: async () => (await import('./sandbox.ts')).addSandbox,
  apps: async () => (await import('./apps.ts')).addApps,
  policy: async () => (await import('./policy/command.ts')).addPolicy,
  keys: async () => (await import('./keys.ts')).addKeys,
  users: async () => (await import('./users.ts')).addUsers,
  demo: async () => (await import('./demo/command.ts')).addDemo,
}

/** @returns the exit code: 0 fine, 1 findings, 2 wrong usage or unreadable input */
export async function run(argv: readonly string[]): Promise<number> {
  const program = new Command('sallyport')
    .description(
      'A developer portal for HTTP APIs: documentation, self-registration, SDKs and a sandbox, from one access model',
    )
    .showHelpAfterError('(--help says more)')
    .exitOverride()
  const [name = ''] = argv
  const asked = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  for (const load of asked === undefined ? Object.values(COMMANDS) : [asked]) (await load())(program)
  for (const command of program.commands) for (const one of [command, ...command.commands]) one.exitOverride()
  try {
    await program.parseAsync(argv, { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (error instanceof CommandError || error instanceof EnvironmentError) {
      message(error.message)
      return 2
    }
    throw error
  }
}
