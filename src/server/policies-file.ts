import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { POLICIES_FILE, policiesFileSchema, type SharedPolicy } from '../spec/policies-file.ts'
import type { Parsed } from '../spec/problem.ts'
import { parseYamlFile } from '../spec/yaml-file.ts'

/** `policies.yaml` of `SPECS_DIR`; none where there is no such file. */
export async function readPoliciesFile(specsDir: string): Promise<Parsed<readonly SharedPolicy[]>> {
  const path = join(specsDir, POLICIES_FILE)
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (bytes === undefined) return { ok: true, value: [] }
  const parsed = parseYamlFile(bytes, path, policiesFileSchema)
  return parsed.ok ? { ok: true, value: parsed.value.policies } : parsed
}
