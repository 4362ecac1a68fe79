import { join } from 'node:path'
import { z } from 'zod'
import { policySchema, uniqueNames } from './access-file.ts'
import type { Parsed } from './problem.ts'
import { readYamlFile } from './yaml-file.ts'

/** The file's name, beside the documents. */
export const POLICIES_FILE = 'policies.yaml'

/** `people`, or `tag:hr`: every API whose document has the tag. */
const selector = z.string().regex(/^(tag:.+|[a-z0-9][a-z0-9._-]*)$/, 'takes the name of an API, or tag: and a tag')

/** `policies.yaml`: policies for sets of APIs, which come before an API's own. Unknown keys are errors. */
export const policiesFileSchema = z.strictObject({
  policies: z
    .array(policySchema.safeExtend({ apis: z.array(selector).min(1) }))
    .superRefine(uniqueNames)
    .default([]),
})

export type PoliciesFile = z.output<typeof policiesFileSchema>
/** A policy with the APIs that it is for. */
export type SharedPolicy = PoliciesFile['policies'][number]

/** None where there is no such file. */
export function readPoliciesFile(specsDir: string): Promise<Parsed<PoliciesFile>> {
  return readYamlFile(join(specsDir, POLICIES_FILE), policiesFileSchema)
}
