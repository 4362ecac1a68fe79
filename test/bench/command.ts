import { Interruption, interruptBySignals } from './interruption.ts'

/** Runs a program that can be ended early, with exit codes of its own: 2 is wrong usage. */
export async function runCommand(main: (argv: string[]) => Promise<number>, usage: string): Promise<void> {
  interruptBySignals()
  try {
    process.exitCode = await main(process.argv.slice(2))
  } catch (error) {
    if (error instanceof Interruption) {
      console.error(error.message)
      process.exit(error.exitCode)
    }
    if (!(error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))) throw error
    console.error(`${error.message}\n${usage}`)
    process.exitCode = 2
  }
}
