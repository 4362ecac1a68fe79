import { type Command, InvalidArgumentError } from 'commander'
import { ensureBuilt } from '../server/build.ts'
import { readEnvironment } from '../server/environment.ts'
import { startServer } from '../server/server.ts'
import { message, print } from './print.ts'

export function addStart(program: Command): void {
  program
    .command('start')
    .description('the server: portal, authorization server, npm registry and sandboxes')
    .option('--port <number>', 'instead of PORT', parsePort)
    .action(async (options: { port?: string }) => {
      const environment = readEnvironment({ ...process.env, ...(options.port && { PORT: options.port }) })
      await ensureBuilt(message)
      const server = await startServer(environment, message)
      print(`Sallyport is ready at ${environment.publicUrl}`)
      await stopSignal()
      await server.stop()
    })
}

/** Resolves at the first Ctrl-C or SIGTERM; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}

function parsePort(text: string): string {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('It takes a port number from 0 to 65535.')
  return text
}
