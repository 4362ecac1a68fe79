import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { formatProblem } from '../../spec/problem.ts'
import { parseYamlFile } from '../../spec/yaml-file.ts'
import { CommandError } from '../command-error.ts'

const configSchema = z.strictObject({
  /** `@acme/orders` */
  package: z.string().optional(),
  scopes: z.array(z.string()).optional(),
  prune: z.boolean().optional(),
  baseUrl: z.url().optional(),
  issuer: z.url().optional(),
  resource: z.string().optional(),
  /** By operationId: `orders.list`. */
  names: z.record(z.string(), z.string()).optional(),
  /** What `date-time` is in types and at run time. */
  dates: z.enum(['string', 'Date']).optional(),
  /** Whether an enum's type admits values that the document doesn't list. */
  enums: z.enum(['closed', 'open']).optional(),
})

/** What a config file says of an SDK. Options of the command line win. */
export type SdkConfig = z.output<typeof configSchema>

/** @throws {CommandError} with file, line and column */
export async function readConfig(file: string | undefined): Promise<SdkConfig> {
  if (file === undefined) return {}
  const content = await readFile(file).catch(() => {
    throw new CommandError(`--config ${file}: there is no such file.`)
  })
  const parsed = await parseYamlFile(content, file, configSchema)
  if (!parsed.ok) throw new CommandError(parsed.problems.map(formatProblem).join('\n'))
  return parsed.value
}
