import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import { accessFindings } from '../access/findings.ts'
import type { ApiModel } from '../model/api.ts'
import { buildModel } from '../model/build.ts'
import type { sandboxFindings } from '../sandbox/findings.ts'
import { accessFileSchema } from '../spec/access-file.ts'
import { loadDocument } from '../spec/document.ts'
import { filesBelow, filesOf, isAddress } from '../spec/files.ts'
import type { SpecFolder } from '../spec/folder.ts'
import type { Parsed, Problem } from '../spec/problem.ts'
import { type SeedFile, seedFileSchema } from '../spec/seed-file.ts'
import { graded } from '../spec/severity.ts'
import type { Source } from '../spec/source.ts'
import { parseYamlFile } from '../spec/yaml-file.ts'
import { guardedFetch } from './guarded-fetch.ts'

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

export interface CompileOptions {
  /** Whether a document's address may be of this machine. */
  readonly loopback?: boolean
  /** Whether to look at examples and seed, too, which takes a tenth longer: nothing that is served depends on it. */
  readonly examine?: boolean
}

/**
 * Document, overlay, `access.yaml` and `seed.yaml` of one API → its model.
 * @param hash of the folder; a document at an address adds what was read there
 */
export async function compile(
  folder: SpecFolder,
  hash: string,
  { loopback = false, examine = false }: CompileOptions = {},
): Promise<Compilation> {
  if (folder.document === undefined) {
    const message = 'The folder holds no document.'
    const hint = 'Add openapi.yaml, openapi.json or swagger.json.'
    return failed([{ severity: 'error', code: 'no-document', message, hint, file: folder.root, line: 1, column: 1 }])
  }
  const remote = isAddress(folder.document)
  const read = createHash('sha256').update(hash)
  const load = remote
    ? filesOf(folder.document, async (url) => {
        const fetched = await guardedFetch(url, { loopback })
        read.update(`\0${url}\0${fetched.bytes.length}\0`).update(fetched.bytes)
        return fetched
      })
    : filesBelow(folder.root)
  const local = filesBelow(folder.root)
  const access = await settings(folder.access, accessFileSchema)
  const seed = await settings(folder.seed, seedFileSchema)
  const root = await load(folder.document)
  const overlay = folder.overlay === undefined ? undefined : await local(folder.overlay)
  if (!access.ok || !seed.ok || !root.ok || overlay?.ok === false)
    return failed([access, seed, root, ...(overlay === undefined ? [] : [overlay])].flatMap(problemsOf))
  const loaded = await loadDocument(root.value, overlay?.value, load)
  if (!loaded.ok) return loaded
  const { document, sourceVersion } = loaded.value
  const severities = access.value.check ?? {}
  const problems = graded(loaded.value.problems, severities)
  const errors = problems.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) return failed(errors)
  const whole = remote ? read.digest('hex') : hash
  const model = buildModel({ name: folder.name, document, sourceVersion, hash: whole, access: access.value })
  const beside = { access: await optional(folder.access, local), seed: await optional(folder.seed, local) }
  const examined =
    examine || EXAMINED.some((code) => severities[code] === 'error')
      ? await examination(model, document, seed.value)
      : []
  const found = [...accessFindings(model, document), ...examined]
  const findings = found.map(({ in: file, pointer, ...finding }): Problem => {
    const source = file === 'document' ? undefined : beside[file]
    return { severity: 'warning', ...finding, ...(source ?? loaded.value).place(pointer) }
  })
  const all = [...problems, ...graded(findings, severities)]
  const graver = all.filter(({ severity }) => severity === 'error')
  if (graver.length > 0) return failed(graver)
  return { ok: true, compiled: { model, document, seed: seed.value, problems: all } }
}

/** Codes of what is found in examples and seed. */
const EXAMINED = ['example-invalid', 'seed-invalid', 'seed-unknown'] as const

async function examination(...of: Parameters<typeof sandboxFindings>): Promise<ReturnType<typeof sandboxFindings>> {
  // Only here: it brings the sandbox's validator along.
  const findings = await import('../sandbox/findings.ts')
  return findings.sandboxFindings(...of)
}

async function optional(file: string | undefined, load: ReturnType<typeof filesBelow>): Promise<Source | undefined> {
  const parsed = file === undefined ? undefined : await load(file)
  return parsed?.ok ? parsed.value : undefined
}

async function settings<S extends z.ZodType>(file: string | undefined, schema: S): Promise<Parsed<z.output<S>>> {
  return parseYamlFile(file === undefined ? new Uint8Array() : await readFile(file), file ?? '', schema)
}

function problemsOf(parsed: Parsed<unknown>): readonly Problem[] {
  return parsed.ok ? [] : parsed.problems
}

function failed(problems: readonly Problem[]): Compilation {
  return { ok: false, problems }
}
