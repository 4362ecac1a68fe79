import type { Command } from 'commander'
import { AuthorizationServer } from '../sandbox/authorization-server.ts'
import { createSandbox } from '../sandbox/engine.ts'
import { nodeHandler } from '../sandbox/node.ts'
import { type Handler, starting } from '../server/dispatch.ts'
import { listen } from '../server/listen.ts'
import { CommandError } from './command-error.ts'
import { loadModel } from './document.ts'
import { parsePort } from './port.ts'
import { message, print } from './print.ts'
import { stopSignal } from './stop-signal.ts'

/** Seconds: as long as anyone sits at a terminal. */
const LIFETIME = 86_400

export function addSandbox(program: Command): void {
  program
    .command('sandbox')
    .description('serve just the sandbox of one document, and print a token for it')
    .argument('<document>')
    .option('--port <number>', 'where to listen', parsePort, '4010')
    .option('--scopes <scopes>', 'of the token, separated by spaces (default: every scope of the document)')
    .action(async (document: string, { port, scopes }: { port: string; scopes?: string }) => {
      const { model, seed } = await loadModel(document)
      const wanted = scopes?.split(/\s+/).filter((scope) => scope !== '') ?? model.scopes.map(({ name }) => name)
      let answer: Handler = starting
      const listening = await listen((...call) => answer(...call), '127.0.0.1', Number(port)).catch((error: Error) => {
        throw new CommandError(error.message.replace('PORT', '--port'))
      })
      const url = `http://127.0.0.1:${listening.port}`
      const authorizationServer = new AuthorizationServer({
        issuer: `${url}/-/oauth`,
        scopes: model.scopes.map(({ name }) => name),
        clock: Date.now,
      })
      const ending = new AbortController()
      const sandbox = createSandbox({
        model,
        basePath: '',
        verify: authorizationServer.verify,
        authorizationServer,
        ending: ending.signal,
        data: seed,
        report: (finding) => message(`${finding.where}: ${finding.detail}`),
      })
      answer = nodeHandler(sandbox)
      const app = authorizationServer.register({ clientId: 'command-line' })
      message(`The sandbox of ${model.title} is at ${url}, with ${model.operations.length} operations.`)
      message(`Its authorization server is at ${url}/-/oauth, with the app ${app.clientId}, secret ${app.clientSecret}`)
      message(wanted.length === 0 ? 'A token without scopes:' : `A token with ${wanted.join(' ')}:`)
      print(authorizationServer.issue(wanted, { lifetime: LIFETIME, clientId: app.clientId }))
      await stopSignal()
      ending.abort()
      await listening.stop()
    })
}
