import { readFile } from 'node:fs/promises'
import { constants, setPriority } from 'node:os'
import { operationParts } from '../components/markup/operation-parts.ts'
import { EVERYTHING, viewer } from '../docs/lens.ts'
import type { ApiModel } from '../model/api.ts'
import { asSeenBy } from '../model/as-seen.ts'
import type { PartsJob } from './parts.ts'
import { writeParts } from './parts-file.ts'

/** The other end of `Parts`: one view of an API a message. */
process.on('message', async ({ modelFile, hash, view, file, portal }: PartsJob) => {
  // Nobody waits for it, and whoever reads meanwhile shouldn't either.
  setPriority(constants.priority.PRIORITY_LOW)
  const { model } = JSON.parse(await readFile(modelFile, 'latin1')) as { readonly model: ApiModel }
  const seen = view === 'whole' ? model : asSeenBy(model, undefined)
  const found = seen !== undefined && model.hash === hash
  if (found) await writeParts(file, partsOf(seen, portal))
  process.send?.(found)
})

function* partsOf(model: ApiModel, portal: PartsJob['portal']) {
  const context = { ...portal, model, viewer: viewer(EVERYTHING, model, []) }
  for (const operation of model.operations) yield [operation.id, operationParts(operation, context)] as const
}

process.on('disconnect', () => process.exit())
