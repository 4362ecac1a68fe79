import { expect, test } from 'vitest'
import { type Lens, type LensApp, viewer } from '../../src/docs/lens.ts'
import { samples } from '../../src/docs/samples.ts'
import type { ApiModel } from '../../src/model/api.ts'
import { modelOf } from '../consumers/models.ts'

const APP: LensApp = {
  id: 'client-of-mine',
  name: 'Mine',
  kind: 'service',
  verified: false,
  apis: ['people'],
  scopes: ['employees:read'],
}

function samplesOf(model: ApiModel, id: string, lens: Lens = { as: 'everything' }, clientId?: string) {
  const operation = model.operations.find((one) => one.id === id)
  if (operation === undefined) throw new Error(id)
  return samples(operation, {
    model,
    viewer: viewer(lens, model, [APP]),
    npmScope: 'acme',
    publicUrl: 'https://portal.example',
    ...(clientId !== undefined && { clientId }),
  })
}

const model = await modelOf('people')

test('TypeScript, curl and four more, all to the sandbox', () => {
  const all = samplesOf(model, 'listEmployees')
  expect(all.map(({ id }) => id)).toEqual(['typescript', 'curl', 'python', 'go', 'java', 'csharp'])
  for (const { id, code } of all)
    if (id !== 'typescript') expect(code).toContain('https://portal.example/sandbox/people/employees')
})

test('whoever has an app sees its client id, and a secret is never more than a variable', () => {
  const typescript = (lens?: Lens, clientId?: string) => samplesOf(model, 'getEmployee', lens, clientId)[0]?.code
  expect(typescript()).toContain("clientId: process.env['SALLYPORT_CLIENT_ID']")
  expect(typescript({ as: 'everything' }, 'client-of-mine')).toContain("clientId: 'client-of-mine'")
  expect(typescript({ as: 'app', app: 'client-of-mine' })).toContain("clientId: 'client-of-mine'")
  for (const operation of model.operations)
    for (const { code } of samplesOf(model, operation.id, { as: 'everything' }, 'client-of-mine'))
      expect(code.replace("clientSecret: process.env['SALLYPORT_CLIENT_SECRET']", '')).not.toMatch(/secret/i)
})

test('a sample asks for the scopes of whom the page is seen as, or else of the operation', () => {
  const scopes = (lens?: Lens) => /scopes: .*/.exec(samplesOf(model, 'getEmployee', lens)[0]?.code ?? '')?.[0]
  expect(scopes()).toBe("scopes: ['employees:read'],")
  expect(scopes({ as: 'scopes', scopes: ['compensation:read', 'employees:read'] })).toBe(
    "scopes: ['compensation:read', 'employees:read'],",
  )
})

test('what someone filled in stands in all samples, quoted for each language', () => {
  const operation = model.operations.find(({ id }) => id === 'getEmployee')
  if (operation === undefined) throw new Error('getEmployee')
  const context = {
    model,
    viewer: viewer({ as: 'everything' }, model, []),
    npmScope: 'acme',
    publicUrl: 'https://portal.example',
  }
  const given = { parameters: { 'path id': `a'b"c $(x)` }, media: 0, body: undefined }
  const [typescript, ...others] = samples(operation, context, given)
  expect(typescript?.code).toContain(`.get('a\\'b"c $(x)')`)
  for (const { code } of others) expect(code).toMatch(/\/employees\/a.{1,5}b%22c%20%24\(x\)/)
})

test('a file is a variable, whatever an example says in its place', () => {
  expect(samplesOf(model, 'replaceEmployeePhoto')[0]?.code).toContain('{ photo: file }')
})
