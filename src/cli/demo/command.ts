import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import * as oauth from 'oauth4webapi'
import type { Environment } from '../../server/environment.ts'
import { CommandError } from '../command-error.ts'
import { message } from '../print.ts'
import { withStore } from '../store.ts'
import { registerDemoApps } from './apps.ts'
import { poll } from './poller.ts'
import { signIn } from './sign-in.ts'

const DEVELOPER = 'dev@northwind.example'
const EDITOR = 'kim@northwind.example'

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('registers the demo apps at a running portal, and polls with one as Kim, an editor')
    .action(async () => {
      const { environment, server, clientId } = await withStore(async (store, environment) => {
        if (!environment.demo)
          throw new CommandError('The demo people are off here (SALLYPORT_DEMO). The demo needs them.')
        const server = await discover(environment)
        const owner = await store.people.byEmail(DEVELOPER)
        if (owner === undefined)
          throw new CommandError(`${DEVELOPER} is not in the directory. Start the portal once, with its demo people.`)
        const apps = await registerDemoApps(server, store, environment.dataDir, owner.id)
        return { environment, server, clientId: apps.desktop }
      })
      const { publicUrl } = environment
      const resource = `${publicUrl}/sandbox/publishing`
      const tokens = await signIn(server, clientId, resource, await password(environment))
      message(`Org chart, Payroll and Publishing desktop are registered; Kim is signed in to the last.`)
      message(
        `Take Kim out of the group editors at ${publicUrl}/console/people, or revoke the app at ${publicUrl}/apps/${clientId}, and watch.`,
      )
      await poll({ server, clientId, resource }, tokens)
    })
}

async function discover({ publicUrl }: Environment): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(`${publicUrl}/oauth`)
  try {
    const response = await oauth.discoveryRequest(issuer, { [oauth.allowInsecureRequests]: true, algorithm: 'oidc' })
    return await oauth.processDiscoveryResponse(issuer, response)
  } catch {
    throw new CommandError(`No portal answers at ${publicUrl}. Start it first, in another terminal: npm start`)
  }
}

async function password({ dataDir }: Environment): Promise<{ email: string; password: string }> {
  const { users }: { users: { email: string; password: string }[] } = JSON.parse(
    await readFile(join(dataDir, 'demo.json'), 'utf8'),
  )
  const editor = users.find(({ email }) => email === EDITOR)
  if (editor === undefined) throw new CommandError(`${EDITOR} is not in ${join(dataDir, 'demo.json')}.`)
  return { email: editor.email, password: editor.password }
}
