import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { z } from 'zod'
import { SHARED_POLICIES } from '../../authorization-server/policies.ts'
import type { ApiModel, Policy } from '../../model/api.ts'
import { speaksOf } from '../../policy/sets.ts'
import { readEnvironment } from '../../server/environment.ts'
import { accessFileSchema } from '../../spec/access-file.ts'
import { findFolders, type SpecFolder } from '../../spec/folder.ts'
import { policiesFileSchema, type SharedPolicy } from '../../spec/policies-file.ts'
import { formatProblem, type Parsed, type Problem } from '../../spec/problem.ts'
import { parseYamlFile } from '../../spec/yaml-file.ts'
import { CommandError } from '../command-error.ts'
import { compileFolder, loadDocument } from '../document.ts'

/** The policies that a file has for one API, or, as `policies.yaml`, for sets of them. */
export interface PolicyFile {
  readonly name: string
  readonly policies: readonly Policy[]
}

/**
 * Reads the policies of `SPECS_DIR`: of one API, of `policies.yaml`, or all. Every file must be right, or none is taken.
 *
 * @param name of an API, or `policies.yaml`; undefined: all that say something
 * @param file instead of the one in `SPECS_DIR`
 * @throws {CommandError} with every problem located
 */
export async function readPolicyFiles(name: string | undefined, file: string | undefined): Promise<PolicyFile[]> {
  const { specsDir } = readEnvironment(process.env)
  const folders = await findFolders(specsDir)
  const shared = join(specsDir, SHARED_POLICIES)
  if (name === SHARED_POLICIES) return [await readShared(file ?? shared, folders)]
  if (name !== undefined) {
    const folder = folders.find((folder) => folder.name === name)
    if (folder === undefined) throw new CommandError(`${name}: no such API in ${specsDir}.`)
    const path = file === undefined ? folder.access : resolve(file)
    const read = path === undefined ? undefined : await readOwn(path, folder)
    if (read === undefined) throw new CommandError(`${path ?? join(folder.root, 'access.yaml')}: it has no policies.`)
    return [read]
  }
  const files: PolicyFile[] = []
  const failures: string[] = []
  const reading = [
    () => readShared(shared, folders),
    ...folders.flatMap((folder) => {
      const { access } = folder
      return access === undefined ? [] : [() => readOwn(access, folder)]
    }),
  ]
  for (const read of reading) {
    try {
      const found = await read()
      if (found !== undefined) files.push(found)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      failures.push(error.message)
    }
  }
  if (failures.length > 0) throw new CommandError(failures.join('\n'))
  return files.filter(({ name, policies }) => name !== SHARED_POLICIES || policies.length > 0)
}

async function readOwn(path: string, folder: SpecFolder): Promise<PolicyFile | undefined> {
  const { model } = await loadDocument(folder.document ?? folder.root)
  const { policies } = parse(
    await read(path),
    path,
    accessFileSchema.superRefine(({ policies = [] }, context) => checkScopes(policies, () => [model], context)),
  )
  return policies === undefined ? undefined : { name: folder.name, policies }
}

async function readShared(path: string, folders: readonly SpecFolder[]): Promise<PolicyFile> {
  const parsed = await parseShared(await read(path), path, folders)
  if (!parsed.ok) throw new CommandError(parsed.problems.map(formatProblem).join('\n'))
  return { name: SHARED_POLICIES, policies: parsed.value }
}

/** What is wrong with `policies.yaml`, for `sallyport check`. */
export async function checkShared(path: string): Promise<readonly Problem[]> {
  const parsed = await parseShared(await read(path), path, await findFolders(dirname(path)))
  return parsed.ok ? [] : parsed.problems
}

async function parseShared(
  bytes: Uint8Array,
  path: string,
  folders: readonly SpecFolder[],
): Promise<Parsed<SharedPolicy[]>> {
  const names = new Set(folders.map(({ name }) => name))
  const models = await modelsFor(bytes, path, folders)
  const schema = policiesFileSchema.superRefine(({ policies }, context) => {
    policies.forEach(({ apis }, index) => {
      apis.forEach((api, place) => {
        if (!api.startsWith('tag:') && !names.has(api))
          context.addIssue({
            code: 'custom',
            path: ['policies', index, 'apis', place],
            message: `there is no API ${api}`,
          })
      })
    })
    checkScopes(policies, (policy) => models.filter((model) => speaksOf(policies[policy]?.apis ?? [], model)), context)
  })
  const parsed = parseYamlFile(bytes, path, schema)
  return parsed.ok ? { ok: true, value: parsed.value.policies } : parsed
}

/** Of the APIs that there are, if the file speaks of scopes; a document that doesn't compile is another command's finding. */
async function modelsFor(bytes: Uint8Array, path: string, folders: readonly SpecFolder[]): Promise<ApiModel[]> {
  const parsed = parseYamlFile(bytes, path, policiesFileSchema)
  if (!parsed.ok || parsed.value.policies.every(({ rules }) => rules.every(({ when }) => when.scopes === undefined)))
    return []
  const compilations = await Promise.all(folders.map((folder) => compileFolder(folder)))
  return compilations.flatMap((compilation) => (compilation.ok ? [compilation.compiled.model] : []))
}

/** A rule for a scope that no API declares is a slip of the pen, and would never match as its author meant. */
function checkScopes(
  policies: readonly Policy[],
  modelsOf: (policy: number) => readonly ApiModel[],
  context: z.RefinementCtx,
): void {
  policies.forEach(({ rules }, policy) => {
    const models = modelsOf(policy)
    if (models.length === 0) return
    const declared = new Set(models.flatMap(({ scopes }) => scopes.map(({ name }) => name)))
    const whose = models.length === 1 ? 'the document declares' : `${models.map(({ name }) => name).join(', ')} declare`
    rules.forEach(({ when }, rule) => {
      when.scopes?.forEach((scope, place) => {
        if (!declared.has(scope))
          context.addIssue({
            code: 'custom',
            path: ['policies', policy, 'rules', rule, 'when', 'scopes', place],
            message: `${whose} no scope ${scope}`,
          })
      })
    })
  })
}

function parse<S extends z.ZodType>(bytes: Uint8Array, path: string, schema: S): z.output<S> {
  const parsed = parseYamlFile(bytes, path, schema)
  if (!parsed.ok) throw new CommandError(parsed.problems.map(formatProblem).join('\n'))
  return parsed.value
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' && path.endsWith(SHARED_POLICIES)) return new Uint8Array()
    throw new CommandError(`${path}: it can't be read (${code}).`)
  }
}
