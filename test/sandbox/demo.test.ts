import { describe, expect, it } from 'vitest'
import { tokenCredentials } from '../../src/access/credentials.ts'
import { decide } from '../../src/access/decide.ts'
import type { Operation } from '../../src/model/api.ts'
import type { Finding } from '../../src/sandbox/seeds.ts'
import { demo, type Sent, sandboxOf, send } from './sandbox.ts'

/** A request that fits: parameters and body from the document's own examples. */
function example(operation: Operation): { path: string; sent: Sent } {
  let path = operation.path
  const headers: Record<string, string> = {}
  for (const { in: place, name, required, examples } of operation.parameters) {
    const value = String(examples[0]?.value)
    if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value))
    if (place === 'header' && required) headers[name] = value
  }
  const media = operation.body?.content[0]
  if (media?.type !== 'multipart/form-data')
    return { path, sent: { method: operation.method, body: media?.examples[0]?.value, headers } }
  const form = new FormData()
  form.append(/photo/.test(path) ? 'photo' : 'file', new File(['png'], 'a.png', { type: 'image/png' }))
  form.append('alt', 'A harbour.')
  return { path, sent: { method: operation.method, body: form, headers } }
}

describe.each(['people', 'publishing'])('the demo document %s', async (name) => {
  const { model, data } = await demo(name)
  const scopes = model.scopes.map((scope) => scope.name)
  const findings: Finding[] = []
  const fresh = () => sandboxOf(model, { data, report: (finding) => findings.push(finding) })

  it.each(model.operations.map((operation) => [operation.id, operation] as const))(
    '%s succeeds with every scope',
    async (_, operation) => {
      const { path, sent } = example(operation)
      const headers = { ...sent.headers, ...(sent.headers?.['If-Match'] && { 'If-Match': '*' }) }
      const { status, body } = await send(fresh(), path, { ...sent, headers, token: `app~${scopes.join('+')}` })
      // The example of If-Match has its pattern; a star has not.
      if (headers['If-Match'] !== undefined) expect([200, 400]).toContain(status)
      else expect(status, JSON.stringify(body)).toBeLessThan(300)
    },
  )

  it('answers every operation × scope as decide() does', async () => {
    const sandbox = fresh()
    for (const operation of model.operations)
      for (const scope of scopes) {
        const { path, sent } = example(operation)
        const decision = decide(operation, tokenCredentials(model, [scope]))
        const { status } = await send(sandbox, path, { ...sent, token: `app~${scope}` })
        // A field of the body may be gated besides: the operation itself is what is compared.
        const denied = status === 401 || (status === 403 && !decision.allow)
        expect(denied, `${operation.id} with ${scope}`).toBe(!decision.allow)
      }
  })

  it('has nothing wrong with its seed and examples', () => {
    expect(findings).toEqual([])
  })
})
