import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Parsed } from './problem.ts'
import { parseYamlFile } from './yaml-file.ts'

export const APIS_FILE = 'apis.yaml'

/** `apis.yaml`: APIs whose documents are elsewhere. What else belongs to one lies in the folder of its name. */
export const apisFileSchema = z.strictObject({
  apis: z
    .array(
      z.strictObject({
        name: z
          .string()
          .regex(
            /^[a-z0-9][a-z0-9._-]{0,99}$/,
            'takes lower-case letters, digits, dots and dashes, as the name of a folder',
          ),
        url: z.url({ protocol: /^https?$/, error: 'takes an http or https address' }),
      }),
    )
    .refine((apis) => new Set(apis.map(({ name }) => name)).size === apis.length, 'each name is taken once'),
})

export type ApisFile = z.output<typeof apisFileSchema>

export async function readApisFile(specsDir: string): Promise<Parsed<ApisFile>> {
  const path = join(specsDir, APIS_FILE)
  try {
    return parseYamlFile(await readFile(path), path, apisFileSchema)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { ok: true, value: { apis: [] } }
    throw error
  }
}
