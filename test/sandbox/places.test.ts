import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getResponse } from 'msw/utils/get-response'
import { expect, it, onTestFinished } from 'vitest'
import type { Sandbox } from '../../src/sandbox/engine.ts'
import { sandboxHandlers } from '../../src/sandbox/handlers.ts'
import { nodeHandler } from '../../src/sandbox/node.ts'
import { BASE, demo, ORIGIN, requestOf, type Sent, sandboxOf } from './sandbox.ts'

const employee = {
  name: 'Noor Vermeulen',
  email: 'noor@northwind.example',
  title: 'Audience Editor',
  department: 'dep_7h2k9q4m1x8c',
  startDate: '2027-01-11',
  location: 'Amsterdam',
}
const photo = new FormData()
photo.append('photo', new File([new Uint8Array(64)], 'noor.png', { type: 'image/png' }))

/** A session: reads and writes, refusals of every kind, JSON, forms and pictures. `{id}` is what was created last. */
const SESSION: readonly (readonly [path: string, sent?: Sent])[] = [
  ['/health'],
  ['/employees?limit=3', { token: 'app~employees:read' }],
  ['/employees?limit=3', { token: 'app~employees:read+compensation:read' }],
  ['/employees'],
  ['/employees', { token: 'expired' }],
  ['/employees', { token: 'app~departments:read' }],
  ['/employees', { method: 'POST', token: 'app~employees:write', body: employee }],
  ['/employees/{id}', { token: 'app~employees:read' }],
  ['/employees/{id}', { token: 'other~employees:read' }],
  ['/employees/{id}', { method: 'PATCH', token: 'app~employees:write', body: { title: 'Editor', manager: null } }],
  ['/employees/{id}', { method: 'PATCH', token: 'app~employees:write', body: { salary: null } }],
  ['/employees/{id}', { method: 'PATCH', token: 'app~employees:write', body: { title: '' } }],
  ['/employees/{id}/photo', { method: 'PUT', token: 'app~employees:write', body: photo }],
  ['/employees/{id}/photo', { token: 'app~employees:read' }],
  ['/employees/{id}/notes', { method: 'POST', token: 'app~employees:write', body: { text: 'Grüße 👋' } }],
  ['/employees/{id}/notes', { token: 'app~employees:read' }],
  [
    '/employees',
    { method: 'POST', token: 'app~employees:write', body: '{', headers: { 'content-type': 'application/json' } },
  ],
  [
    '/employees',
    {
      method: 'POST',
      token: 'app~employees:write',
      body: 'x'.repeat(2_000_000),
      headers: { 'content-type': 'text/plain' },
    },
  ],
  ['/employees/..%2Fhealth', { token: 'app~employees:read' }],
  ['/employees/../health'],
  ['/employees/%2e%2e/health'],
  ['/%E0%A4%A'],
  ['/nowhere'],
  ['/employees', { method: 'PUT' }],
  ['/employees', { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } }],
  ['/employees/{id}', { method: 'HEAD', token: 'app~employees:read' }],
  ['/employees/{id}', { method: 'DELETE', token: 'app~employees:write+directory:admin' }],
  ['/employees/{id}', { token: 'app~employees:read' }],
]

/** What each answer is, but for what the transport adds. */
async function replay(fetch: (request: Request) => Promise<Response>): Promise<unknown[]> {
  const answers: unknown[] = []
  let id = ''
  for (const [path, sent] of SESSION) {
    const response = await fetch(requestOf(path.replace('{id}', id), sent))
    const body = Buffer.from(await response.arrayBuffer())
    const headers = [...response.headers].filter(([name]) => !TRANSPORT.has(name)).sort()
    if (response.status === 201 && path === '/employees') id = (JSON.parse(body.toString()) as { id: string }).id
    answers.push({ path, status: response.status, headers, body: body.toString('base64') })
  }
  return answers
}

const TRANSPORT = new Set([
  ...['connection', 'content-encoding', 'content-length', 'date', 'keep-alive', 'transfer-encoding', 'vary'],
])

async function overHttp(sandbox: Sandbox): Promise<(request: Request) => Promise<Response>> {
  const server = createServer(nodeHandler(sandbox)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return async (request) => {
    const body = request.body === null ? null : await request.arrayBuffer()
    const { method, headers } = request
    return fetch(origin + request.url.slice(ORIGIN.length), { method, headers, body, redirect: 'manual' })
  }
}

it('answers a session alike by itself, under MSW, and over HTTP', async () => {
  const { model, data } = await demo('people')
  const fresh = () => sandboxOf(model, { data })
  const alone = fresh()
  const direct = await replay((request) => alone.fetch(request))

  const handlers = sandboxHandlers(fresh(), ORIGIN, BASE)
  const underMsw = await replay(async (request) => {
    const response = await getResponse(handlers, request)
    if (response === undefined) throw new Error(`MSW let ${request.url} through`)
    return response
  })
  expect(underMsw).toEqual(direct)
  expect(await replay(await overHttp(fresh()))).toEqual(direct)

  const statuses = direct.map((answer) => (answer as { status: number }).status)
  expect(statuses).toEqual([
    200, 200, 200, 401, 401, 403, 201, 200, 404, 200, 403, 422, 204, 200, 201, 200, 400, 413, 400, 200, 200, 404, 404,
    405, 204, 200, 204, 404,
  ])
})

it('compresses over HTTP what is worth it, for who takes it', async () => {
  const { model, data } = await demo('people')
  const ask = await overHttp(sandboxOf(model, { data }))
  const list = (coding: string) =>
    ask(requestOf('/employees', { token: 'app~employees:read', headers: { 'accept-encoding': coding } }))
  const [zipped, plain] = [await list('gzip'), await list('identity')]
  expect(zipped.headers.get('content-encoding')).toBe('gzip')
  expect(zipped.headers.get('vary')).toBe('Accept-Encoding')
  expect(plain.headers.get('content-encoding')).toBeNull()
  expect(await zipped.json()).toEqual(await plain.json())
  expect((await list('gzip;q=0')).headers.get('content-encoding')).toBeNull()
})
