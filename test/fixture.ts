import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { ApiModel } from '../src/model/api.ts'
import { type Compilation, compile } from '../src/server/compile.ts'
import { hashFolder, readFolder } from '../src/spec/folder.ts'

/** A folder of its own for one test, gone when the test is over. */
export async function temporaryFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}

/** Compiles the files of one API as the server does. */
export async function compileFiles(files: Readonly<Record<string, string | Uint8Array>>): Promise<Compilation> {
  const folder = await readFolder(await temporaryFolder(files))
  return compile({ ...folder, name: 'api' }, await hashFolder(folder, 'test'))
}

/** The model of a document given as an object; its `info` is filled in. */
export async function modelOf(document: object, access = ''): Promise<ApiModel> {
  const whole = { openapi: '3.1.0', info: { title: 'API', version: '1.0.0' }, ...document }
  const compilation = await compileFiles({
    'openapi.json': JSON.stringify(whole),
    ...(access && { 'access.yaml': access }),
  })
  if (!compilation.ok) throw new Error(compilation.problems.map(({ message }) => message).join('\n'))
  return compilation.compiled.model
}
