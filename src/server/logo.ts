import { readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { PORTAL_FILE } from '../spec/portal-file.ts'
import type { Problem } from '../spec/problem.ts'

/** An image, to be sent as it is. */
export interface Logo {
  readonly type: string
  readonly content: Uint8Array<ArrayBuffer>
}

const TYPES: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
}

/** Bytes: every page shows it. */
const LARGEST = 100_000

/** The `logo` of `portal.yaml`, or what is wrong with it. */
export async function readLogo(specsDir: string, name: string): Promise<Logo | Problem> {
  const problem = (message: string, hint: string): Problem => ({
    severity: 'error',
    code: 'logo',
    message,
    hint,
    file: join(specsDir, PORTAL_FILE),
    line: 1,
    column: 1,
  })
  const type = TYPES[extname(name).toLowerCase()]
  if (type === undefined || basename(name) !== name)
    return problem(`The logo can't be ${name}.`, 'Name an SVG, PNG, JPEG or WebP file beside portal.yaml.')
  const content = await readFile(join(specsDir, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (content === undefined) return problem(`There is no ${name}.`, 'Put it beside portal.yaml.')
  if (content.length > LARGEST)
    return problem(`${name} is larger than 100 KB.`, 'Every page shows it: make it smaller.')
  return { type, content: new Uint8Array(content) }
}
