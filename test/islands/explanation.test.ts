import { expect, test } from 'vitest'
import { explain } from '../../src/islands/explanation.ts'
import { buildModel } from '../../src/model/build.ts'
import { createSandbox } from '../../src/sandbox/engine.ts'

const document = {
  openapi: '3.1.0',
  info: { title: 'Jobs', version: '1' },
  components: { securitySchemes: { oauth: { type: 'oauth2', flows: {} } } },
  paths: {
    '/jobs': {
      get: {
        operationId: 'list',
        security: [{ oauth: ['jobs:read'] }],
        responses: { '200': { description: 'OK', content: { 'application/json': {} } } },
      },
    },
  },
}
const model = buildModel({ name: 'jobs', document, sourceVersion: '3.1.0', hash: '', access: {} })

function came(status: number, body: unknown, type = 'application/json') {
  const [operation] = model.operations
  if (operation === undefined) throw new Error('no operation')
  const received = { status, type, blob: new Blob([JSON.stringify(body)]) }
  return explain({ model, operation, scopes: ['jobs:read'], received })
}

function shown({ body }: Awaited<ReturnType<typeof came>>): string {
  if (body.kind !== 'lines') throw new Error(body.kind)
  return body.first.flatMap((block) => block.map((part) => ('text' in part ? part.text : part.name))).join('')
}

test('a denial of the sandbox comes with its own trace, which its body isn’t shown with', async () => {
  const sandbox = createSandbox({
    model,
    basePath: '',
    verify: async () => ({ ok: false, reason: 'it has expired' }),
  })
  const response = await sandbox.fetch(
    new Request('http://localhost/jobs', { headers: { authorization: 'Bearer old' } }),
  )
  const type = response.headers.get('content-type') ?? ''
  const explained = await came(response.status, await response.json(), type)
  expect(explained.trace.find(({ decides }) => decides)).toMatchObject({ check: 'token', evidence: 'it has expired' })
  expect(explained.refusal?.why).toContain('it has expired')
  expect(shown(explained)).toContain('"status": 401')
  expect(shown(explained)).not.toContain('"trace"')
})

test.each([
  [200, { trace: ['started', 'done'], missing: 'nothing' }],
  [200, { trace: [{ check: 'a', evidence: 'b', state: 'open', decides: true, evaluated: true }], missing: [] }],
  [403, { detail: 'Not on Sundays', trace: ['4bf92f35'], missing: ['Monday'] }],
])('a member of the API’s own that is called trace is shown as any other: %i %o', async (status, body) => {
  const explained = await came(status, body)
  expect(shown(explained)).toContain('"trace"')
  expect(explained.trace.find(({ decides }) => decides)).toMatchObject({ check: 'alternative 1', state: 'open' })
  expect(explained.refusal?.missing ?? []).toEqual([])
})
