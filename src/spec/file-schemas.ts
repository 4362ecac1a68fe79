import { z } from 'zod'
import { accessFileSchema } from './access-file.ts'
import { apisFileSchema } from './apis-file.ts'
import { overlayFileSchema } from './overlay-file.ts'
import { policiesFileSchema } from './policies-file.ts'
import { portalFileSchema } from './portal-file.ts'
import { seedFileSchema } from './seed-file.ts'

const FILES = {
  access: accessFileSchema,
  apis: apisFileSchema,
  overlay: overlayFileSchema,
  policies: policiesFileSchema,
  portal: portalFileSchema,
  seed: seedFileSchema,
} as const

/** The files beside a document that have a schema, by name: `access` is `access.yaml`. */
export const FILE_NAMES = Object.keys(FILES) as readonly (keyof typeof FILES)[]

/** The JSON Schema (2020-12) of one of the files, for editors: made of what reads it, so that the two can't differ. */
export function fileSchema(name: string): Readonly<Record<string, unknown>> | undefined {
  const known = FILE_NAMES.find((file) => file === name)
  if (known === undefined) return undefined
  return { ...z.toJSONSchema(FILES[known], { io: 'input', unrepresentable: 'any' }), title: `Sallyport: ${known}.yaml` }
}
