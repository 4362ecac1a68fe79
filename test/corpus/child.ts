import { compile } from '../../src/server/compile.ts'
import type { SpecFolder } from '../../src/spec/folder.ts'
import type { Attempt } from './attempt.ts'

/** Compiles one document a message, and writes what the server would keep. */
process.on('message', async (folder: SpecFolder) => {
  const began = performance.now()
  const attempt = await attempted(folder)
  const { maxRSS } = process.resourceUsage()
  process.send?.({ ...attempt, ms: performance.now() - began, peakMb: maxRSS / 1024 })
})

async function attempted(folder: SpecFolder): Promise<Attempt> {
  try {
    const compilation = await compile(folder, 'corpus')
    if (!compilation.ok) return { outcome: 'refused', problems: compilation.problems }
    const { model, document, problems } = compilation.compiled
    const bytes = JSON.stringify(model).length + JSON.stringify(document).length
    return { outcome: 'compiled', operations: model.operations.length, warnings: problems.length, bytes }
  } catch (error) {
    return { outcome: 'crashed', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

process.on('disconnect', () => process.exit())
