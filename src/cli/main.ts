import { Command, CommanderError } from 'commander'
import { EnvironmentError } from '../server/environment.ts'
import { addAdopt } from './adopt.ts'
import { addApps } from './apps.ts'
import { addCheck } from './check.ts'
import { CommandError } from './command-error.ts'
import { addDecide } from './decide.ts'
import { addDemo } from './demo/command.ts'
import { addPolicy } from './policy/command.ts'
import { message } from './print.ts'
import { addSandbox } from './sandbox.ts'
import { addSdk } from './sdk/command.ts'
import { addStart } from './start.ts'
import { addUsers } from './users.ts'

/** @returns the exit code: 0 fine, 1 findings, 2 wrong usage or unreadable input */
export async function run(argv: readonly string[]): Promise<number> {
  const program = new Command('sallyport')
    .description(
      'A developer portal for HTTP APIs: documentation, self-registration, SDKs and a sandbox, from one access model',
    )
    .showHelpAfterError('(--help says more)')
    .exitOverride()
  for (const add of [
    addStart,
    addCheck,
    addAdopt,
    addDecide,
    addSdk,
    addSandbox,
    addApps,
    addPolicy,
    addUsers,
    addDemo,
  ])
    add(program)
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
