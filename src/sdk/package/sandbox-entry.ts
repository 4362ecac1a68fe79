import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { ApiModel } from '../../model/api.ts'

const SOURCE = fileURLToPath(new URL('../../sandbox/testing.ts', import.meta.url))
const DECLARATIONS = fileURLToPath(new URL('../../../sdk-templates/typescript/sandbox.d.ts', import.meta.url))

/** Without credentials or network of its own, a place that is nobody's. */
const NOWHERE = 'https://sandbox.invalid'

export interface SandboxEntry {
  readonly model: ApiModel
  readonly seed: Readonly<Record<string, readonly unknown[]>>
  readonly baseUrl: string | undefined
}

/** The files of a package's `/sandbox`: the API's sandbox as handlers of MSW, for a consumer's own tests. */
export async function sandboxEntry({ model, seed, baseUrl }: SandboxEntry): Promise<ReadonlyMap<string, string>> {
  const at = baseUrl ?? NOWHERE
  const entry = [
    `import { openTestSandbox } from './runtime/sandbox.js'`,
    `import { data, model } from './sandbox-model.js'`,
    `export function sandbox(options = {}) {`,
    `  return openTestSandbox(model, { baseUrl: ${literal(at)}, data, ...options })`,
    `}`,
  ]
  return new Map([
    ['sandbox.js', `${entry.join('\n')}\n`],
    ['sandbox.d.ts', readFileSync(DECLARATIONS, 'utf8')],
    ['sandbox-model.js', `export const model = ${literal(plain(model))}\nexport const data = ${literal(seed)}\n`],
    ['runtime/sandbox.js', await engine()],
  ])
}

/** The same for every package, and every time: made once. */
function engine(): Promise<string> {
  bundled ??= build({
    entryPoints: [SOURCE],
    absWorkingDir: join(SOURCE, '..'),
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    external: ['msw/http'],
    legalComments: 'none',
    logLevel: 'silent',
  }).then(({ outputFiles: [output] }) => output?.text ?? '')
  return bundled
}
let bundled: Promise<string> | undefined

/** What the engine reads of a model: not who may be granted what, nor where it runs, nor prose. */
function plain(model: ApiModel): ApiModel {
  const { description, ...rest } = model
  return { ...rest, policies: [], claims: {}, environments: {}, visibility: 'public' }
}

/** Parsed from text, which is the quickest way to a large value and can't be anything else than data. */
function literal(value: unknown): string {
  return `JSON.parse(${JSON.stringify(JSON.stringify(value)).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')})`
}
