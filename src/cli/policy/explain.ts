import { type Command, Option } from 'commander'
import { appOf } from '../../apps/app.ts'
import { grantContext } from '../../apps/grant-context.ts'
import { policiesOf } from '../../authorization-server/policies.ts'
import type { Grant } from '../../model/api.ts'
import { grantOfKind } from '../../policy/context.ts'
import { type Explanation, explain, inShort } from '../../policy/explain.ts'
import { GRANTS } from '../../spec/access-file.ts'
import { epoch } from '../../store/clock.ts'
import { CommandError } from '../command-error.ts'
import { loadDocument } from '../document.ts'
import { parseDuration } from '../duration.ts'
import { print } from '../print.ts'
import { withStore } from '../store.ts'

interface Options {
  readonly app: string
  readonly user?: string
  readonly grant?: Grant
  readonly scopes?: string
  readonly network?: string
  readonly signedIn?: number
  readonly json?: true
}

export function addExplain(policy: Command): void {
  policy
    .command('explain')
    .description('what an app would be granted, and how every rule comes to it; exit code 1 where it is denied')
    .argument('<api>', 'name of an API in SPECS_DIR')
    .requiredOption('--app <client id>')
    .option('--user <email>', 'who would be signed in')
    .addOption(new Option('--grant <grant>', "default: that of the app's kind").choices([...GRANTS]))
    .option('--scopes <scopes>', 'what it would ask for, separated by spaces (default: the default scopes)')
    .option('--network <address>', 'where the request would come from')
    .option('--signed-in <duration>', 'how long ago they signed in: 90s, 15m, 12h, 30d', parseDuration)
    .option('--json', 'print as JSON')
    .action(async (api: string, options: Options) => {
      const explanation = await explainFor(api, options)
      if (options.json) print(JSON.stringify(explanation))
      else print(describe(explanation))
      if (!explanation.granted) process.exitCode = 1
    })
}

async function explainFor(api: string, { app: id, user: email, scopes = '', ...options }: Options) {
  const { model } = await loadDocument(api)
  const now = epoch()
  return withStore(async (store) => {
    const client = await store.clients.get(id)
    if (client === undefined) throw new CommandError(`--app ${id}: there is no such app.`)
    const person = email === undefined ? undefined : await store.people.byEmail(email)
    if (email !== undefined && person === undefined) throw new CommandError(`--user ${email}: nobody has this address.`)
    const grant = options.grant ?? grantOfKind(client.kind)
    if (grant !== 'client_credentials' && person === undefined)
      throw new CommandError(`--user: by the grant ${grant} someone is signed in. Say who.`)
    const context = grantContext({
      model,
      client,
      grant,
      ...(person === undefined ? {} : { person }),
      ...(options.network === undefined ? {} : { network: options.network }),
      scopes: scopes.split(/\s+/).filter((scope) => scope !== ''),
      registered: appOf(client).scopes,
      ...(person === undefined ? {} : { authenticatedAt: now - (options.signedIn ?? 0) }),
      now,
    })
    return explain(await policiesOf(store, model), context)
  })
}

const MARK = { matched: '✓', failed: '✗', 'not evaluated': '·' } as const

/** The trace, rule by rule, then the result. */
function describe(explanation: Explanation): string {
  const { assignment, trail } = explanation
  return [
    ...(assignment === undefined ? [] : [`${assignment.held ? '✓' : '✗'} assigned: ${assignment.evidence}`]),
    ...trail.flatMap(({ policy, rules }) => [
      policy,
      ...rules.flatMap(({ rule, outcome, findings }) => [
        `  ${MARK[outcome]} ${rule}${outcome === 'not evaluated' ? ': not evaluated' : ''}`,
        ...findings.map(({ condition, held, evidence }) => `      ${held ? '✓' : '✗'} ${condition}: ${evidence}`),
      ]),
    ]),
    ...(explanation.granted
      ? [`granted: ${explanation.scopes.join(' ') || 'a token without scopes'}`]
      : [`denied: ${explanation.reason}`]),
    inShort(explanation),
  ].join('\n')
}
