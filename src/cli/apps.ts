import type { Command } from 'commander'
import { epoch } from '../store/clock.ts'
import { parseDuration } from './duration.ts'
import { print } from './print.ts'
import { withStore } from './store.ts'

interface Options {
  readonly api?: string[]
  readonly expires: number
  readonly softwareId?: string
  readonly json?: true
}

export function addApps(program: Command): void {
  const apps = program.command('apps').description("apps, on the server's own database")
  apps
    .command('token')
    .description('mint an initial access token (RFC 7591 section 3), with which a pipeline registers apps')
    .option('--api <name...>', 'the APIs that it may be used for (default: all)')
    .option('--expires <duration>', 'how long it is valid: 90s, 15m, 12h, 30d', parseDuration, 3600)
    .option('--software-id <id>', 'vouch that what registers with it is this software, as policies may ask')
    .option('--json', 'print as JSON')
    .action(async ({ api = [], expires, softwareId, json }: Options) => {
      const expiresAt = epoch() + expires
      const name = 'made on the command line'
      const token = await withStore((store) =>
        store.initialAccessTokens.mint({ name, apis: api, expiresAt, ...(softwareId !== undefined && { softwareId }) }),
      )
      print(json ? JSON.stringify({ token, expiresAt: new Date(expiresAt * 1000).toISOString() }) : token)
    })
}
