import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { PORTAL_FILE, type PortalFile, portalFileSchema } from '../spec/portal-file.ts'
import type { Problem } from '../spec/problem.ts'
import { readYamlFile } from '../spec/yaml-file.ts'
import { type Logo, readLogo } from './logo.ts'

interface Read {
  readonly file: PortalFile
  readonly logo?: Logo
  readonly problems: readonly Problem[]
}

/** `portal.yaml` as it was when it could last be read. */
export class PortalSettings {
  readonly #specsDir: string
  #read: Read
  #problems: readonly Problem[]
  #edition = 0

  private constructor(specsDir: string, read: Read) {
    this.#specsDir = specsDir
    this.#read = read
    this.#problems = read.problems
  }

  static async open(specsDir: string): Promise<PortalSettings> {
    return new PortalSettings(specsDir, await readPortalFile(specsDir))
  }

  get file(): PortalFile {
    return this.#read.file
  }

  get logo(): Logo | undefined {
    return this.#read.logo
  }

  get problems(): readonly Problem[] {
    return this.#problems
  }

  /** Changes whenever what the file says does. */
  get edition(): number {
    return this.#edition
  }

  /** Keeps what could be read last. @returns what has gone wrong with the file since */
  async refresh(): Promise<readonly Problem[]> {
    const read = await readPortalFile(this.#specsDir)
    const told = isDeepStrictEqual(read.problems, this.#problems)
    this.#problems = read.problems
    if (read.problems.length > 0) return told ? [] : read.problems
    // Packages have been published under the scope that the portal started with.
    const next = { ...read, file: { ...read.file, npmScope: this.file.npmScope } }
    if (!isDeepStrictEqual(next, this.#read)) {
      this.#read = next
      this.#edition++
    }
    return []
  }
}

/** `portal.yaml` of `SPECS_DIR`, or its defaults where there is none or where it is wrong (which is told). */
export async function readPortalFile(specsDir: string): Promise<Read> {
  const parsed = await readYamlFile(join(specsDir, PORTAL_FILE), portalFileSchema)
  if (!parsed.ok) return { file: portalFileSchema.parse({}), problems: parsed.problems }
  const file = parsed.value
  if (file.logo === undefined) return { file, problems: [] }
  const logo = await readLogo(specsDir, file.logo)
  return 'content' in logo ? { file, logo, problems: [] } : { file, problems: [logo] }
}
