import type { Command } from 'commander'
import { ensureBuilt } from '../server/build.ts'
import { readEnvironment } from '../server/environment.ts'
import { parsePort } from './port.ts'
import { message, print } from './print.ts'
import { stopSignal } from './stop-signal.ts'

export function addStart(program: Command): void {
  program
    .command('start')
    .description('the server: portal, authorization server, npm registry and sandboxes')
    .option('--port <number>', 'instead of PORT', parsePort)
    .action(async (options: { port?: string }) => {
      const environment = readEnvironment({ ...process.env, ...(options.port && { PORT: options.port }) })
      const built = await ensureBuilt(message)
      const { startServer } = await import('../server/server.ts')
      const server = await startServer(environment, built, message)
      print(`Sallyport is ready at ${environment.publicUrl}`)
      await stopSignal()
      await server.stop()
    })
}
