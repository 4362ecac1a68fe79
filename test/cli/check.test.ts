import { expect, test } from 'vitest'
import { folder, sallyport } from './command-line.ts'

const DOCUMENT = `openapi: 3.1.0
info: { title: Orders, version: "1" }
security: []
paths:
  /orders:
    get:
      responses:
        "200":
          description: OK
          content:
            application/json:
              schema: { type: array, items: { type: object, required: [id], properties: { id: { type: string } } } }
              example:
                - id: one
                - id: 2
`

test('a wrong example is a finding, where it stands', async () => {
  const specs = await folder({ 'openapi.yaml': DOCUMENT, 'seed.yaml': '/orders:\n  - { id: a }\n  - { name: b }\n' })
  const { code, out } = await sallyport('check', specs)
  expect(code).toBe(1)
  expect(out).toMatch(
    /openapi\.yaml:15:\d+: warning: The example of the response 200 of GET \/orders .*\/1\/id is of type number/,
  )
  expect(out).toMatch(/seed\.yaml:3:\d+: warning: Item 2 of \/orders .*\/id is required/)
  expect(await sallyport('check', specs, '--severity', 'example-invalid=off', 'seed-invalid=off')).toMatchObject({
    code: 0,
  })
})

test('--severity decides how grave a finding is, this once', async () => {
  const specs = await folder({ 'openapi.yaml': DOCUMENT })
  const { code, out } = await sallyport('check', specs, '--severity', 'example-invalid=error')
  expect([code, out]).toEqual([1, expect.stringMatching(/: error: The example/)])
  expect(await sallyport('check', specs, '--severity', 'example-invalid=grave')).toMatchObject({
    code: 2,
    err: expect.stringMatching(
      /--severity example-invalid=grave: it takes the code of a finding and error, warning or off/,
    ),
  })
})

test('a publisher who says so keeps a document with a wrong example from being shown', async () => {
  const specs = await folder({ 'openapi.yaml': DOCUMENT, 'access.yaml': 'check: { example-invalid: error }\n' })
  const { out } = await sallyport('check', specs)
  expect(out).toMatch(/: error: The example/)
})
