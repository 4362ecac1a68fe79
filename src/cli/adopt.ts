import { mkdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { fileDiff } from '../adopt/diff.ts'
import { type Adoption, adoptionOf } from '../server/adoption.ts'
import { readEnvironment } from '../server/environment.ts'
import { rehearse } from '../server/rehearsal.ts'
import { isAddress } from '../spec/files.ts'
import { findFolders, readFolder, type SpecFolder } from '../spec/folder.ts'
import { formatProblem } from '../spec/problem.ts'
import { compileFolder, findDocument } from './document.ts'
import { message, print } from './print.ts'

interface Options {
  readonly write?: true
  readonly json?: true
}

export function addAdopt(program: Command): void {
  program
    .command('adopt')
    .description(
      'for documents without scopes: proposes overlay.yaml and access.yaml, as a diff with the reason for each',
    )
    .argument('<document...>', 'a folder of documents, or documents')
    .option('--write', 'save what is proposed; run again, it keeps what was edited and adds what is new')
    .option('--json', 'print the proposals as JSON')
    .action(async (documents: string[], options: Options) => {
      const reports: object[] = []
      for (const folder of (await Promise.all(documents.map(documentsOf))).flat()) {
        const compilation = await compileFolder(folder)
        if (!compilation.ok) {
          for (const problem of compilation.problems) message(formatProblem(problem))
          process.exitCode = 2
          continue
        }
        const adoption = await adoptionOf(folder, compilation.compiled)
        const unreached = isEmpty(adoption) ? [] : await rehearse(folder, adoption, compileFolder)
        for (const line of unreached) message(`${folder.name}: ${line}`)
        if (unreached.length > 0) process.exitCode = 1
        const home = homeOf(folder)
        if (options.write && !isEmpty(adoption)) await write(home, adoption)
        if (options.json) reports.push(report(home, adoption))
        else {
          if (!isEmpty(adoption)) print(diffOf(home, adoption))
          message(summary(adoption, options, folder, home))
        }
      }
      if (options.json) print(JSON.stringify(reports))
    })
}

/** A folder is one API's, or holds a folder or a file for each. */
async function documentsOf(argument: string): Promise<SpecFolder[]> {
  const path = resolve(argument)
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true
  if (!isFolder) return [await findDocument(argument)]
  const folder = await readFolder(path)
  return folder.document === undefined ? findFolders(path) : [folder]
}

/** Where the two files go. A document that is a single file gets a folder beside it: only in a folder can there be an overlay. */
function homeOf({ root, document, name }: SpecFolder): string {
  // Of a document at an address, what `apis.yaml` lists by that name has its files there.
  if (isAddress(root)) return join(readEnvironment(process.env).specsDir, name)
  return root === document ? join(dirname(root), name) : root
}

async function write(home: string, { before, after }: Adoption): Promise<void> {
  await mkdir(home, { recursive: true })
  if (after.overlay !== before.overlay) await writeFile(join(home, 'overlay.yaml'), after.overlay)
  if (after.access !== before.access) await writeFile(join(home, 'access.yaml'), after.access)
}

function isEmpty({ before, after }: Adoption): boolean {
  return before.overlay === after.overlay && before.access === after.access
}

function diffOf(home: string, { before, after }: Adoption): string {
  return (['overlay', 'access'] as const)
    .map((part) => fileDiff(relative(process.cwd(), join(home, `${part}.yaml`)), before[part], after[part]))
    .join('')
    .trimEnd()
}

function summary({ api, proposal }: Adoption, { write: written }: Options, folder: SpecFolder, home: string): string {
  const { operations, fields, scopes, leftAlone } = proposal
  if (operations.length + fields.length === 0) return `${api}: nothing to propose.`
  const left = leftAlone.map(({ what, reason }) => `  left alone: ${what}. ${reason}`)
  const counted = `${api}: ${operations.length} operations, ${fields.length} fields, ${scopes.length} new scopes`
  const next = written
    ? folder.root === folder.document
      ? `saved in ${home}. Move the document there as openapi${folder.root.slice(folder.root.lastIndexOf('.'))}, or the two are not read.`
      : `saved in ${home}.`
    : 'review them, and save with --write.'
  return [`${counted}; ${next}`, ...left].join('\n')
}

function report(home: string, { api, proposal, before, after }: Adoption): object {
  const file = (part: 'overlay' | 'access') => ({
    path: join(home, `${part}.yaml`),
    changed: before[part] !== after[part],
    content: after[part],
  })
  return { api, ...proposal, files: { overlay: file('overlay'), access: file('access') } }
}
