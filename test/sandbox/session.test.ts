import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LoggedCall } from '../../src/sandbox/call-log.ts'
import { modelOf, sandboxOf, send } from './sandbox.ts'

const json = (schema: object) => ({ 'application/json': { schema } })
const thing = {
  type: 'object',
  required: ['id', 'name'],
  properties: {
    id: { type: 'string' },
    name: { type: 'string' },
    secret: { type: 'string', 'x-required-scopes': ['s'] },
  },
}
const model = modelOf({
  components: {
    schemas: { Thing: thing },
    securitySchemes: {
      oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/t', scopes: { a: '', s: '' } } } },
    },
  },
  security: [{ oauth: ['a'] }],
  paths: {
    '/things': {
      get: {
        operationId: 'list',
        parameters: [{ in: 'query', name: 'limit', schema: { type: 'integer' } }],
        responses: {
          200: { description: '', content: json({ type: 'array', items: { $ref: '#/components/schemas/Thing' } }) },
        },
      },
      post: {
        operationId: 'create',
        requestBody: { content: json({ $ref: '#/components/schemas/Thing' }) },
        responses: { 201: { description: '', content: json({ $ref: '#/components/schemas/Thing' }) } },
      },
    },
    '/things/{id}': {
      parameters: [{ in: 'path', name: 'id', required: true, schema: { type: 'string' } }],
      get: {
        operationId: 'get',
        responses: { 200: { description: '', content: json({ $ref: '#/components/schemas/Thing' }) } },
      },
      delete: { operationId: 'remove', responses: { 204: { description: '' } } },
    },
  },
})
const data = { '/things': [{ id: 'seed', name: 'was there' }] }
const app = (name: string, session?: string) => ({
  token: `${name}~a`,
  headers: session === undefined ? {} : { 'sallyport-session': session },
})

describe('sessions', () => {
  it('see and change nothing of each other: 500 at once (property)', async () => {
    const step = fc.record({
      does: fc.constantFrom('create', 'create', 'create', 'remove', 'reset'),
      id: fc.constantFrom('1', '2', 'seed'),
    })
    // Half of them are apps, half are sessions of one app.
    const of = (who: number) => (who % 2 === 0 ? app(`app-${who}`) : app('shared', `session-${who}`))
    const sessions = fc.array(fc.array(step, { maxLength: 6 }), { minLength: 500, maxLength: 500 })
    const property = fc.asyncProperty(sessions, async (all) => {
      const sandbox = sandboxOf(model, { data })
      const live = async (steps: (typeof all)[number], who: number) => {
        let mine = new Map([['seed', 'was there']])
        for (const { does, id } of steps) {
          const body = { id, name: `of ${who}` }
          if (does === 'create') {
            const { status } = await send(sandbox, '/things', { method: 'POST', ...of(who), body })
            expect(status).toBe(mine.has(id) ? 409 : 201)
            if (status === 201) mine.set(id, body.name)
          } else if (does === 'remove') {
            const { status } = await send(sandbox, `/things/${id}`, { method: 'DELETE', ...of(who) })
            expect(status).toBe(mine.delete(id) ? 204 : 404)
          } else {
            await send(sandbox, '/-/reset', { method: 'POST', ...of(who) })
            mine = new Map([['seed', 'was there']])
          }
          const { body: seen } = await send(sandbox, '/things?limit=100', of(who))
          const items = seen as unknown as { id: string; name: string }[]
          expect(new Map(items.map((item) => [item.id, item.name]))).toEqual(mine)
        }
      }
      await Promise.all(all.map(live))
    })
    await fc.assert(property, { numRuns: 5, endOnFailure: true })
  })

  it('of an app don’t meet, and neither do two apps with sessions of one name', async () => {
    const sandbox = sandboxOf(model, { data })
    await send(sandbox, '/things', { method: 'POST', ...app('one', 's'), body: { id: 'x', name: 'x' } })
    const status = async (who: ReturnType<typeof app>) => (await send(sandbox, '/things/x', who)).status
    expect(await status(app('one', 's'))).toBe(200)
    expect(await status(app('one'))).toBe(404)
    expect(await status(app('one', 't'))).toBe(404)
    expect(await status(app('two', 's'))).toBe(404)
  })

  it('with a name that can’t be one are refused', async () => {
    expect((await send(sandboxOf(model), '/things', app('one', 'a b'))).status).toBe(400)
    expect((await send(sandboxOf(model), '/things', app('one', 'x'.repeat(129)))).status).toBe(400)
  })

  it('are forgotten a day after their last call', async () => {
    let now = 0
    const sandbox = sandboxOf(model, { data, clock: () => now })
    await send(sandbox, '/things', { method: 'POST', ...app('one'), body: { id: 'x', name: 'x' } })
    now += 23 * 3_600_000
    expect((await send(sandbox, '/things/x', app('one'))).status).toBe(200)
    now += 23 * 3_600_000
    expect((await send(sandbox, '/things/x', app('one'))).status).toBe(200)
    now += 24 * 3_600_000
    expect((await send(sandbox, '/things/x', app('one'))).status).toBe(404)
  })

  describe('that are too many', () => {
    const keep = async (sandbox: ReturnType<typeof sandboxOf>, who: number, name = 'x') =>
      (await send(sandbox, '/things', { method: 'POST', ...app('one', `s${who}`), body: { id: 'x', name } })).status
    const kept = async (sandbox: ReturnType<typeof sandboxOf>, who: number) =>
      (await send(sandbox, '/things/x', app('one', `s${who}`))).status === 200

    it('make room: of 10,000 the one that was used least recently goes', async () => {
      const sandbox = sandboxOf(model, { data })
      for (let who = 0; who < 10_000; who++) expect(await keep(sandbox, who)).toBe(201)
      expect(await kept(sandbox, 0)).toBe(true)
      expect(await keep(sandbox, 10_000)).toBe(201)
      expect(await kept(sandbox, 1)).toBe(false)
      for (const who of [0, 2, 9_999, 10_000]) expect(await kept(sandbox, who)).toBe(true)
    })

    it('make room: all of them together hold 64 MB', async () => {
      const sandbox = sandboxOf(model, { data })
      for (let who = 0; who < 80; who++) expect(await keep(sandbox, who, 'x'.repeat(900_000))).toBe(201)
      const still = await Promise.all(Array.from({ length: 80 }, (_, who) => kept(sandbox, who)))
      expect(still.filter(Boolean)).toHaveLength(71)
      expect(still.indexOf(true)).toBe(9)
    })
  })
})

describe('the log', () => {
  const calls = async (sandbox: ReturnType<typeof sandboxOf>, who: object, after = 0) =>
    (await send(sandbox, `/-/calls?after=${after}`, who)).body.calls as readonly LoggedCall[]

  it('tells a session what it called, how it was decided and what did not fit, and no other session', async () => {
    const sandbox = sandboxOf(model, { data })
    await send(sandbox, '/things/seed', app('one'))
    await send(sandbox, '/things', { token: 'one~' })
    await send(sandbox, '/things', { method: 'POST', ...app('one'), body: { id: 1 } })
    const seen = await calls(sandbox, app('one'))
    expect(seen.map(({ id, status, operation }) => ({ id, status, operation }))).toEqual([
      { id: 1, status: 200, operation: 'get' },
      { id: 2, status: 403, operation: 'list' },
      { id: 3, status: 400, operation: 'create' },
    ])
    expect(seen[1]?.decision).toEqual({ allow: false, why: 'The token lacks a.', missing: [['a']] })
    expect(seen[2]?.errors?.map(({ pointer }) => pointer)).toEqual(['/name', '/id'])
    expect(await calls(sandbox, app('one'), 2)).toHaveLength(1)
    expect(await calls(sandbox, app('two'))).toEqual([])
    expect(await calls(sandbox, app('one', 'other'))).toEqual([])
  })

  it('is nobody’s who doesn’t say who they are', async () => {
    expect((await send(sandboxOf(model), '/-/calls')).status).toBe(401)
    expect((await send(sandboxOf(model), '/-/calls', { token: 'expired' })).status).toBe(401)
  })

  it('tells as it happens, and keeps no more than it must', async () => {
    const sandbox = sandboxOf(model, { data })
    const heard: LoggedCall[] = []
    const stop = sandbox.log.listen((_, call) => heard.push(call))
    for (let count = 0; count < 120; count++) await send(sandbox, `/things/${'x'.repeat(1000)}`, app('one'))
    stop()
    await send(sandbox, '/things', app('one'))
    expect(heard).toHaveLength(120)
    const kept = await calls(sandbox, app('one'))
    expect(kept).toHaveLength(50)
    expect(kept.at(-1)?.id).toBe(121)
    expect(kept[0]?.path.length).toBeLessThan(250)
  })
})

describe('a token', () => {
  it('can be made to expire', async () => {
    const sandbox = sandboxOf(model, { data })
    expect((await send(sandbox, '/-/expire', { method: 'POST', ...app('one') })).status).toBe(204)
    const { status, headers } = await send(sandbox, '/things', app('one'))
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect((await send(sandbox, '/things', app('two'))).status).toBe(200)
    expect((await send(sandbox, '/-/expire', { method: 'POST', token: 'expired' })).status).toBe(401)
  })
})
