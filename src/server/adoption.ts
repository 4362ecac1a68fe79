import { readFile } from 'node:fs/promises'
import { type AdoptFiles, offeredIn, withProposal } from '../adopt/files.ts'
import { type Proposal, propose } from '../adopt/proposal.ts'
import type { SpecFolder } from '../spec/folder.ts'
import type { Compiled } from './compile.ts'

/** A proposal for one API, and what its files would say. */
export interface Adoption {
  readonly api: string
  readonly title: string
  readonly proposal: Proposal
  readonly before: AdoptFiles
  readonly after: AdoptFiles
}

export async function adoptionOf(
  folder: Pick<SpecFolder, 'overlay' | 'access'>,
  { model, document }: Pick<Compiled, 'model' | 'document'>,
): Promise<Adoption> {
  const before = { overlay: await textOf(folder.overlay), access: await textOf(folder.access) }
  const proposal = propose({ model, document, offered: offeredIn(before.overlay) })
  const after = withProposal(before, proposal, model.title)
  return { api: model.name, title: model.title, proposal, before, after }
}

async function textOf(file: string | undefined): Promise<string> {
  return file === undefined ? '' : readFile(file, 'utf8')
}
