import { dirname } from 'node:path'
import { sdkSources } from '../../src/sdk/package/sources.ts'
import { compile } from '../../src/server/compile.ts'
import { singleFile } from '../../src/spec/folder.ts'
import { type Checked, errorsOf, STRICT, STRICTEST } from './strictness.ts'

/** Ours: makes the SDK of one document a message, and compiles it. */
process.on('message', async ({ file }: { readonly file: string }) => {
  process.send?.(
    await checked(file).catch((error: Error): Checked => ({ made: false, errors: [error.stack ?? error.message] })),
  )
})

async function checked(file: string): Promise<Checked> {
  const compilation = await compile({ ...singleFile(file), root: dirname(file) }, 'f'.repeat(64))
  if (!compilation.ok) return { made: false, refused: true, errors: [] }
  const { model } = compilation.compiled
  const sources = sdkSources({ model, packageName: `@corpus/${model.name}`, connection: {} })
  const errors = errorsOf(sources, STRICTEST)
  const escapes = [...sources].flatMap(([path, text]) =>
    escapesChecks(path, text) ? [`${path} escapes the compiler`] : [],
  )
  const strict = errors.length === 0 || errorsOf(sources, STRICT).length === 0
  return { made: true, strict, errors: [...escapes, ...errors] }
}

/** `any` and directives, in code and not in what a document says. */
function escapesChecks(path: string, text: string): boolean {
  if (!path.endsWith('.ts')) return false
  if (/^\s*(\/\/|\/\*)\s*@ts-/m.test(text)) return true
  return /(:|<|\bas)\s*any\b/.test(
    text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/gm, "''"),
  )
}

process.on('disconnect', () => process.exit())
