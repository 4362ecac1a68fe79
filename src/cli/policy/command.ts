import type { Command } from 'commander'
import { stringify } from 'yaml'
import { SHARED_POLICIES } from '../../authorization-server/policies.ts'
import type { Policy } from '../../model/api.ts'
import { diffPolicies, formatChange, type PolicyChange } from '../../policy/diff.ts'
import { writtenPolicies } from '../../policy/written.ts'
import { KEPT_REVISIONS, PolicyConflict, type PolicyRevision } from '../../store/policies.ts'
import type { Store } from '../../store/store.ts'
import { CommandError } from '../command-error.ts'
import { message, print } from '../print.ts'
import { withStore } from '../store.ts'
import { addExplain } from './explain.ts'
import { type PolicyFile, readPolicyFiles } from './files.ts'

const ACTOR = 'command line'
const TARGET = `name of an API, or ${SHARED_POLICIES}, which speaks of several`

/** What a file would change. */
interface Difference extends PolicyFile {
  /** In force; 0: none was ever stored. */
  readonly revision: number
  readonly changes: readonly PolicyChange[]
}

export function addPolicy(program: Command): void {
  const policy = program
    .command('policy')
    .description("access policies, on the server's own database; a running server goes by them at once")

  policy
    .command('export')
    .description('the policies in force as YAML, as in access.yaml')
    .argument('<api>', TARGET)
    .option('--revision <number>', 'an earlier state', Number)
    .action(async (api: string, { revision }: { revision?: number }) => {
      const stored = await withStore((store) => find(store, api, revision))
      print(stringify({ policies: writtenPolicies(policiesIn(stored)) }, { lineWidth: 120 }).trimEnd())
    })

  policy
    .command('diff')
    .description('what the files would change; exit code 1 where they would')
    .argument('[api]', `${TARGET}; absent: all that SPECS_DIR holds`)
    .option('--file <path>', 'instead of the file in SPECS_DIR')
    .option('--json', 'print as JSON')
    .action(async (api: string | undefined, { file, json }: { file?: string; json?: true }) => {
      const differences = await compare(await filesOf(api, file))
      if (json) print(JSON.stringify(differences.map(({ name, revision, changes }) => ({ name, revision, changes }))))
      else report(differences, print)
      if (differences.some(({ changes }) => changes.length > 0)) process.exitCode = 1
    })

  policy
    .command('apply')
    .description('put the files in force: all of them, or none where one is wrong')
    .argument('[api]', `${TARGET}; absent: all that SPECS_DIR holds`)
    .option('--file <path>', 'instead of the file in SPECS_DIR')
    .option('--message <text>', 'kept with the revision: why')
    .action(async (api: string | undefined, options: { file?: string; message?: string }) => {
      const differences = await compare(await filesOf(api, options.file))
      const changed = differences.filter(({ changes, revision }) => changes.length > 0 || revision === 0)
      await put(changed, options.message)
      report(differences, print)
      for (const { name, revision } of changed) message(`${name}: revision ${revision + 1} is in force.`)
    })

  policy
    .command('history')
    .description(`the last ${KEPT_REVISIONS} states that the policies were in, newest first`)
    .argument('<api>', TARGET)
    .option('--json', 'print as JSON')
    .action(async (api: string, { json }: { json?: true }) => {
      const history = await withStore(({ policies }) => policies.history(api))
      if (json) print(JSON.stringify(history))
      else for (const revision of history) print(describe(revision))
    })

  policy
    .command('rollback')
    .description('put an earlier state in force again, as a new revision')
    .argument('<api>', TARGET)
    .requiredOption('--to <revision>', 'its number, as in history', Number)
    .action(async (api: string, { to }: { to: number }) => {
      const { stored, current } = await withStore(async (store) => ({
        stored: await find(store, api, to),
        current: await find(store, api),
      }))
      const policies = policiesIn(stored)
      const { revision } = current
      const difference = { name: api, policies, revision, changes: diffPolicies(policiesIn(current), policies) }
      await put([difference], `back to revision ${to}`)
      report([difference], print)
      message(`${api}: revision ${revision + 1} is in force.`)
    })

  addExplain(policy)
}

function filesOf(api: string | undefined, file: string | undefined): Promise<PolicyFile[]> {
  if (file !== undefined && api === undefined) throw new CommandError(`--file: name the API that it is for.`)
  return readPolicyFiles(api, file)
}

function compare(files: readonly PolicyFile[]): Promise<Difference[]> {
  return withStore(({ policies }) =>
    Promise.all(
      files.map(async (file) => {
        const stored = await policies.get(file.name)
        const before = stored === undefined ? [] : policiesIn(stored)
        return { ...file, revision: stored?.revision ?? 0, changes: diffPolicies(before, file.policies) }
      }),
    ),
  )
}

/** Atomic, and only on top of what the differences were told against. */
async function put(differences: readonly Difference[], message: string | undefined): Promise<void> {
  await withStore(async ({ policies, audit }) => {
    try {
      await policies.apply(
        differences.map(({ name, policies, revision }) => ({
          api: name,
          revision: revision + 1,
          policies,
          actor: ACTOR,
          ...(message === undefined ? {} : { message }),
        })),
      )
    } catch (error) {
      if (error instanceof PolicyConflict) throw new CommandError(`${error.message} Nothing was applied: try again.`)
      throw error
    }
    for (const { name, revision, changes } of differences)
      await audit.append({
        actor: ACTOR,
        action: 'policy.changed',
        target: name,
        detail: { revision: revision + 1, changes: changes.map(formatChange), ...(message && { message }) },
      })
  })
}

async function find({ policies }: Store, api: string, revision?: number): Promise<PolicyRevision> {
  const found = await (revision === undefined ? policies.get(api) : policies.at(api, revision))
  if (found !== undefined) return found
  const current = await policies.get(api)
  if (current === undefined)
    throw new CommandError(
      `${api}: no policies are stored. They are at the server's first start with the API, or by apply.`,
    )
  const gone = revision !== undefined && Number.isInteger(revision) && revision > 0 && revision < current.revision
  throw new CommandError(
    gone
      ? `${api}: revision ${revision} isn't kept any more; the newest ${KEPT_REVISIONS} are. The audit log says what it changed.`
      : `${api}: there is no revision ${revision}. See sallyport policy history ${api}.`,
  )
}

/** Written by us from parsed files only, hence the type. */
function policiesIn({ policies }: PolicyRevision): readonly Policy[] {
  return policies as readonly Policy[]
}

function report(differences: readonly Difference[], say: (line: string) => void): void {
  for (const { name, changes } of differences)
    say([`${name}: ${changes.length === 0 ? 'no change' : ''}`.trimEnd(), ...changes.map(formatChange)].join('\n  '))
}

function describe({ revision, createdAt, source, actor, message }: PolicyRevision): string {
  const by = source === 'file' ? 'from the file, at first start' : (actor ?? 'an administrator')
  return [revision, new Date(createdAt * 1000).toISOString(), by, ...(message === undefined ? [] : [message])].join(
    '\t',
  )
}
