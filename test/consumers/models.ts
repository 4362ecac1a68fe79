import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { ApiModel } from '../../src/model/api.ts'
import { compile } from '../../src/server/compile.ts'
import { readFolder, type SpecFolder, singleFile } from '../../src/spec/folder.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** One of the demo APIs, or Figma's. */
export async function modelOf(name: 'people' | 'publishing' | 'figma'): Promise<ApiModel> {
  return name === 'figma'
    ? compiled({ ...singleFile(join(ROOT, 'node_modules/@figma/rest-api-spec/openapi/openapi.yaml')), name })
    : compiled(await readFolder(join(ROOT, 'specs', name)))
}

/** The model of a document in a file. */
export function modelAt(file: string, name: string): Promise<ApiModel> {
  return compiled({ ...singleFile(file), name })
}

/** The model of a document written here. */
export async function modelFrom(document: object, name = 'things'): Promise<ApiModel> {
  const folder = await mkdtemp(join(tmpdir(), 'sdk-document-'))
  try {
    const file = join(folder, 'things.json')
    await writeFile(file, JSON.stringify(document))
    return await compiled({ ...singleFile(file), name })
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function compiled(folder: SpecFolder): Promise<ApiModel> {
  const result = await compile(folder, 'f'.repeat(64))
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.compiled.model
}
