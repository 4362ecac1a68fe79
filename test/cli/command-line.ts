import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { run } from '../../src/cli/main.ts'

/** A folder of its own for one test. */
export async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'sallyport-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(path, name, '..'), { recursive: true })
    await writeFile(join(path, name), content)
  }
  return path
}

/** Runs the command line, and keeps what it writes. */
export async function sallyport(...argv: string[]) {
  const output = { out: '', err: '' }
  const into = (part: 'out' | 'err') => (text: string | Uint8Array) => {
    output[part] += String(text)
    return true
  }
  const out = vi.spyOn(process.stdout, 'write').mockImplementation(into('out'))
  const err = vi.spyOn(process.stderr, 'write').mockImplementation(into('err'))
  const before = process.exitCode
  process.exitCode = 0
  const code = await run(argv)
  process.exitCode = before
  out.mockRestore()
  err.mockRestore()
  return { code, ...output }
}
