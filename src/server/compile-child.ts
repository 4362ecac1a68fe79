import { rename, writeFile } from 'node:fs/promises'
import { compile } from './compile.ts'
import type { Answer, Job } from './compiler.ts'

/** The other end of `Compiler`: one job a message, results into files, so that a large model isn't copied twice. */
process.on('message', async ({ folder, hash, loopback, ...job }: Job) => {
  const compilation = await compile(folder, hash, { loopback, examine: 'findingsFile' in job })
  if (compilation.ok) {
    const { document, ...model } = compilation.compiled
    if ('findingsFile' in job) await write(job.findingsFile, model.problems)
    else {
      await write(job.documentFile, document)
      // Last, since its presence says that both are whole.
      await write(job.modelFile, model)
    }
  }
  const answer: Answer = compilation.ok ? { ok: true } : compilation
  process.send?.(answer)
})

async function write(file: string, content: unknown): Promise<void> {
  const part = `${file}.${process.pid}.part`
  await writeFile(part, asciiJson(content), { encoding: 'latin1', mode: 0o600 })
  await rename(part, file)
}

/** Text of one byte a character is read in half the time, and a large model is mostly reading. */
function asciiJson(content: unknown): string {
  return JSON.stringify(content).replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

process.on('disconnect', () => process.exit())
