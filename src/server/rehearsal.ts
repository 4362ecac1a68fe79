import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import type { Proposal } from '../adopt/proposal.ts'
import type { ApiModel } from '../model/api.ts'
import { isAddress } from '../spec/files.ts'
import { readFolder, type SpecFolder } from '../spec/folder.ts'
import type { Problem } from '../spec/problem.ts'
import type { Adoption } from './adoption.ts'
import type { Compilation } from './compile.ts'

/** What doesn't come out as proposed when a copy of the folder is compiled with the proposal. Empty: all of it does. */
export async function rehearse(
  folder: SpecFolder,
  { proposal, after }: Adoption,
  compile: (folder: SpecFolder) => Promise<Compilation>,
): Promise<readonly string[]> {
  if (folder.document === undefined) return []
  const copy = await mkdtemp(join(tmpdir(), 'sallyport-adopt-'))
  try {
    if (folder.root === folder.document && !isAddress(folder.root))
      await cp(folder.root, join(copy, `openapi${extname(folder.root)}`))
    else if (!isAddress(folder.root)) await cp(folder.root, copy, { recursive: true })
    await writeFile(join(copy, 'overlay.yaml'), after.overlay)
    await writeFile(join(copy, 'access.yaml'), after.access)
    const elsewhere = isAddress(folder.document) && { document: folder.document }
    const changed = { ...(await readFolder(copy)), name: folder.name, ...elsewhere }
    const compilation = await compile(changed)
    return compilation.ok ? missing(compilation.compiled.model, proposal) : compilation.problems.map(said)
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}

function missing(model: ApiModel, { operations, fields }: Proposal): string[] {
  const scoped = new Map(
    model.operations.map((operation) => [
      `${operation.method} ${operation.path}`,
      new Set(operation.requirement.alternatives.flatMap((all) => all.flatMap(({ scopes }) => scopes))),
    ]),
  )
  const gated = new Set(
    model.operations.flatMap(({ fields }) => fields.response.map((field) => `${field.name} ${field.scopes.join(' ')}`)),
  )
  return [
    ...operations
      .filter(({ operation, scopes }) => !scopes.every((scope) => scoped.get(operation)?.has(scope)))
      .map(({ operation }) => `The overlay doesn’t reach ${operation}.`),
    ...fields
      .filter(({ field, scopes }) => !gated.has(`${field.split('.').at(-1)} ${scopes.join(' ')}`))
      .map(({ field }) => `The overlay doesn’t reach the field ${field}.`),
  ]
}

function said({ message }: Problem): string {
  return message
}
