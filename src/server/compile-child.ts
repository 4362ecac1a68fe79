import { rename, writeFile } from 'node:fs/promises'
import { compile } from './compile.ts'
import type { Answer, Job } from './compiler.ts'

/** The other end of `Compiler`: one job a message, results into files, so that a large model isn't copied twice. */
process.on('message', async ({ folder, hash, loopback, modelFile, documentFile }: Job) => {
  const compilation = await compile(folder, hash, loopback)
  if (compilation.ok) {
    const { document, ...model } = compilation.compiled
    await write(documentFile, document)
    // Last, since its presence says that both are whole.
    await write(modelFile, model)
  }
  const answer: Answer = compilation.ok ? { ok: true } : compilation
  process.send?.(answer)
})

async function write(file: string, content: unknown): Promise<void> {
  const part = `${file}.${process.pid}.part`
  await writeFile(part, JSON.stringify(content), { mode: 0o600 })
  await rename(part, file)
}

process.on('disconnect', () => process.exit())
