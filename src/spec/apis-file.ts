import { join } from 'node:path'
import { z } from 'zod'
import type { Parsed } from './problem.ts'
import { readYamlFile } from './yaml-file.ts'

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
    .refine((apis) => new Set(apis.map(({ name }) => name)).size === apis.length, 'each name is taken once')
    .default([]),
})

export type ApisFile = z.output<typeof apisFileSchema>

/** None where there is no such file. */
export function readApisFile(specsDir: string): Promise<Parsed<ApisFile>> {
  return readYamlFile(join(specsDir, APIS_FILE), apisFileSchema)
}
