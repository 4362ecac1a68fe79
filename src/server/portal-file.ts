import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type PortalFile, portalFileSchema } from '../spec/portal-file.ts'
import type { Problem } from '../spec/problem.ts'
import { parseYamlFile } from '../spec/yaml-file.ts'
import { type Logo, readLogo } from './logo.ts'

/** `portal.yaml` of `SPECS_DIR`, or its defaults where there is none or where it is wrong (which is told). */
export async function readPortalFile(
  specsDir: string,
): Promise<{ file: PortalFile; logo?: Logo; problems: readonly Problem[] }> {
  const path = join(specsDir, 'portal.yaml')
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return new Uint8Array()
    throw error
  })
  const parsed = parseYamlFile(bytes, path, portalFileSchema)
  if (!parsed.ok) return { file: portalFileSchema.parse({}), problems: parsed.problems }
  const file = parsed.value
  if (file.logo === undefined) return { file, problems: [] }
  const logo = await readLogo(specsDir, file.logo)
  return 'content' in logo ? { file, logo, problems: [] } : { file, problems: [logo] }
}
