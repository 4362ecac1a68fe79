import type { Command } from 'commander'
import { rotateKeys } from '../authorization-server/keys.ts'
import { message } from './print.ts'
import { withStore } from './store.ts'

export function addKeys(program: Command): void {
  const keys = program.command('keys').description("the keys that tokens are signed with, in the server's own database")

  keys
    .command('rotate')
    .description('add a key, which signs in ten minutes; the one before goes when its last token has expired')
    .option('--compromised', 'sign with the new key at once and drop every other: all access tokens are void')
    .action(async ({ compromised = false }: { compromised?: boolean }) => {
      await withStore(async (store) => {
        await rotateKeys(store, compromised)
        await store.audit.append({ actor: 'command line', action: 'keys.rotated', detail: { compromised } })
      })
      message(
        compromised
          ? 'A new key signs; running servers follow within ten seconds. Every access token of before is void.'
          : 'A new key is published and signs in ten minutes. Nothing else has to be done.',
      )
    })
}
