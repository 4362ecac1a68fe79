import { readFile } from 'node:fs/promises'
import type { ApiModel } from '../model/api.ts'
import { buildModel } from '../model/build.ts'
import { type AccessFile, accessFileSchema } from '../spec/access-file.ts'
import { bundleDocument } from '../spec/document.ts'
import type { SpecFolder } from '../spec/folder.ts'
import { type SeedFile, seedFileSchema } from '../spec/portal-file.ts'
import type { Problem } from '../spec/problem.ts'
import { parseYamlFile } from '../spec/yaml-file.ts'

/** Everything that one API's folder compiles to. Plain data: it crosses processes and lies in the cache. */
export interface Compiled {
  readonly model: ApiModel
  readonly document: Readonly<Record<string, unknown>>
  readonly seed: SeedFile
  /** Warnings. */
  readonly problems: readonly Problem[]
}

export type Compilation =
  | { readonly ok: true; readonly compiled: Compiled }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** Document, overlay, `access.yaml` and `seed.yaml` of one API → its model. */
export async function compile(folder: SpecFolder, hash: string): Promise<Compilation> {
  if (folder.document === undefined) {
    const message = 'The folder holds no document.'
    const hint = 'Add openapi.yaml, openapi.json or swagger.json.'
    return failed({ severity: 'error', code: 'no-document', message, hint, file: folder.root, line: 1, column: 1 })
  }
  const access = await settings<AccessFile>(folder.access, accessFileSchema)
  const seed = await settings<SeedFile>(folder.seed, seedFileSchema)
  if (!access.ok || !seed.ok)
    return { ok: false, problems: [...(access.ok ? [] : access.problems), ...(seed.ok ? [] : seed.problems)] }
  const bundled = await bundleDocument({ ...folder, document: folder.document })
  if (!bundled.ok) return bundled
  const { document, sourceVersion, problems } = bundled
  const model = buildModel({ name: folder.name, document, sourceVersion, hash, access: access.value })
  return { ok: true, compiled: { model, document, seed: seed.value, problems } }
}

async function settings<T>(file: string | undefined, schema: Parameters<typeof parseYamlFile>[2]) {
  if (file === undefined) return { ok: true as const, value: {} as T }
  const parsed = parseYamlFile(await readFile(file, 'utf8'), file, schema)
  return parsed.ok ? { ok: true as const, value: parsed.value as T } : parsed
}

function failed(problem: Problem): Compilation {
  return { ok: false, problems: [problem] }
}
