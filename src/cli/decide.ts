import type { Command } from 'commander'
import { ANONYMOUS, type Credentials, tokenCredentials } from '../access/credentials.ts'
import { decide } from '../access/decide.ts'
import type { ApiModel } from '../model/api.ts'
import { CommandError } from './command-error.ts'
import { loadDocument } from './document.ts'
import { print } from './print.ts'

interface Options {
  readonly scopes?: string
  readonly scheme?: string
  readonly json?: true
}

export function addDecide(program: Command): void {
  program
    .command('decide')
    .description('may these scopes call this operation, which fields will they not see, and why')
    .argument('<document>')
    .argument('<operationId>')
    .option('--scopes <scopes>', 'of the token, separated by spaces; "" is a token without scopes; absent: no token')
    .option(
      '--scheme <name>',
      'the security scheme that the scopes are held with (default: every one that takes a token)',
    )
    .option('--json', 'print the decision as JSON')
    .action(async (document: string, operationId: string, options: Options) => {
      const { model } = await loadDocument(document)
      const operation = model.operations.find(
        ({ id, operationId: original }) => id === operationId || original === operationId,
      )
      if (operation === undefined) throw new CommandError(`${operationId}: no such operation in ${document}.`)
      const decision = decide(operation, credentials(model, options))
      const { allow, status, why } = decision
      const missing = decision.allow ? [] : decision.missing
      const hiddenFields = decision.allow ? decision.hiddenFields.map(({ pointer }) => pointer) : []
      if (options.json) print(JSON.stringify({ allow, status, missing, hiddenFields, why }))
      else
        print(
          [
            `${allow ? 'allowed' : 'denied'} (${status}): ${why}`,
            ...missing.map((scopes) => `needs: ${scopes.join(' ')}`),
            ...hiddenFields.map((pointer) => `hidden: ${pointer}`),
          ].join('\n'),
        )
      if (!allow) process.exitCode = 1
    })
}

function credentials(model: ApiModel, { scopes, scheme }: Options): Credentials {
  const list = scopes?.split(/\s+/).filter((scope) => scope !== '')
  if (scheme === undefined) return list === undefined ? ANONYMOUS : tokenCredentials(model, list)
  if (!Object.hasOwn(model.schemes, scheme)) {
    const known = Object.keys(model.schemes).join(', ') || 'none'
    throw new CommandError(`--scheme ${scheme}: the document has no such scheme. It has: ${known}.`)
  }
  return { held: [{ scheme, scopes: list ?? [] }] }
}
