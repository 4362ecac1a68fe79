import { join } from 'node:path'
import { type LoadedDocument, loadDocument } from '../../src/spec/document.ts'
import { filesBelow } from '../../src/spec/files.ts'
import type { Source } from '../../src/spec/source.ts'
import { temporaryFolder } from '../fixture.ts'

/** Loads `openapi.yaml`, `openapi.json` or `swagger.json` of a folder, with its `overlay.yaml`. */
export async function load(
  files: Readonly<Record<string, string>>,
): Promise<LoadedDocument & { where: (pointer: string) => string }> {
  const folder = await temporaryFolder(files)
  const read = filesBelow(folder)
  const source = async (name: string): Promise<Source> => {
    const parsed = await read(join(folder, name))
    if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'))
    return parsed.value
  }
  const name = ['openapi.yaml', 'openapi.json', 'swagger.json'].find((known) => known in files) ?? ''
  const overlay = 'overlay.yaml' in files ? await source('overlay.yaml') : undefined
  const loaded = await loadDocument(await source(name), overlay, read)
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'))
  const where = (pointer: string): string => {
    const { file, line, column, pointer: at } = loaded.value.place(pointer)
    return `${file.slice(folder.length + 1)}:${line}:${column} ${at}`
  }
  return { ...loaded.value, where }
}
