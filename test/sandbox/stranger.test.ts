import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Operation } from '../../src/model/api.ts'
import { Sampler } from '../../src/sandbox/sample.ts'
import { Validator } from '../../src/sandbox/validator.ts'
import { compile } from '../../src/server/compile.ts'
import { singleFile } from '../../src/spec/folder.ts'
import { sandboxOf, send } from './sandbox.ts'

const file = fileURLToPath(new URL('../../node_modules/@figma/rest-api-spec/openapi/openapi.yaml', import.meta.url))
const compilation = await compile(singleFile(file), 'test')
if (!compilation.ok) throw new Error('The document could not be compiled.')
const { model } = compilation.compiled

const requests = new Sampler(model.schemas, new Validator(model.schemas, 'request'), 3)
const findings: unknown[] = []
const sandbox = sandboxOf(model, { report: (finding) => findings.push(finding) })
const token = `app~${model.scopes.map(({ name }) => name).join('+')}`
const keys = Object.values(model.schemes).flatMap(({ in: place, parameter }) =>
  place === 'header' && parameter !== undefined ? [[parameter, 'key'] as const] : [],
)

function path({ path, parameters }: Operation): string {
  const query = new URLSearchParams()
  let filled = path
  for (const { in: place, name, required, examples, schema } of parameters) {
    const value = examples[0]?.value ?? requests.sample(schema)
    if (place === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(String(value) || 'x'))
    if (place === 'query' && required) query.set(name, String(value))
  }
  return `${filled}?${query}`
}

/** Written by someone else, 22 scopes, no seed: Figma's. */
describe('a document that was not written for this', () => {
  it.each(model.operations.map((operation) => [operation.id, operation] as const))(
    '%s answers',
    async (_, operation) => {
      const media = operation.body?.content.find(({ type }) => type.includes('json'))
      const body = media === undefined ? undefined : requests.sample(media.schema ?? true)
      const { status, body: answer } = await send(sandbox, path(operation), {
        method: operation.method,
        token,
        headers: Object.fromEntries(keys),
        ...(body === undefined ? {} : { body }),
      })
      // What was deleted by an operation before is gone, and what nothing made isn't there.
      expect([200, 404], JSON.stringify(answer)).toContain(status)
    },
  )

  it('refuses every operation that needs a token without one', async () => {
    for (const operation of model.operations) {
      if (operation.requirement.alternatives.some((alternative) => alternative.length === 0)) continue
      expect((await send(sandbox, path(operation), { method: operation.method })).status).toBe(401)
    }
  })
})
