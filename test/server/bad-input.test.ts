import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/engine.ts'
import { nodeHandler } from '../../src/sandbox/node.ts'
import { type Listening, listen } from '../../src/server/listen.ts'
import { BASE, modelOf, sandboxOf } from '../sandbox/sandbox.ts'

const json = (schema: object) => ({ 'application/json': { schema } })
const thing = { type: 'object', required: ['id'], properties: { id: { type: 'string' }, note: { type: 'string' } } }
const text = (schema: object) => ({ get: { responses: { 200: { description: '', content: json(schema) } } } })
const model = modelOf({
  components: {
    securitySchemes: { oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/t', scopes: { a: '' } } } } },
    schemas: {
      Node: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, next: { $ref: '#/components/schemas/Node' } },
      },
    },
  },
  paths: {
    '/things': {
      get: {
        security: [{ oauth: ['a'] }],
        responses: { 200: { description: '', content: json({ type: 'array', items: thing }) } },
      },
      post: {
        security: [{ oauth: ['a'] }],
        requestBody: { required: true, content: json(thing) },
        responses: { 201: { description: '', content: json(thing) } },
      },
    },
    '/things/{id}': {
      parameters: [{ in: 'path', name: 'id', required: true, schema: { type: 'string' } }],
      get: { security: [{ oauth: ['a'] }], responses: { 200: { description: '', content: json(thing) } } },
    },
    '/recursive': text({ $ref: '#/components/schemas/Node' }),
    '/impossible': text({ type: 'string', minLength: 5, maxLength: 2 }),
    '/open': text({ type: 'string' }),
  },
})

/** As it comes over the wire: clients put right what is wrong. */
function speak(port: number, ...parts: readonly (string | Buffer)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' ? undefined : reject(error)))
    for (const part of parts) socket.write(part)
    answerOn(socket).then(resolve, reject)
  })
}

async function answerOn(socket: Socket): Promise<string> {
  let received = ''
  for await (const chunk of socket) received += String(chunk)
  return received
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1])
const head = (line: string, ...headers: string[]) =>
  [`${line} HTTP/1.1`, 'Host: x', 'Connection: close', 'Authorization: Bearer app~a', ...headers, '', ''].join('\r\n')
const post = (type: string, body: string | Buffer) =>
  [head(`POST ${BASE}/things`, `Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`), body] as const

describe('bad input gets a correct HTTP answer, and nothing falls over', () => {
  const faults: unknown[] = []
  let sandbox: Sandbox
  let server: Listening
  beforeAll(async () => {
    sandbox = sandboxOf(model, { observe: ({ error }) => error !== undefined && faults.push(error) })
    server = await listen(nodeHandler(sandbox), '127.0.0.1', 0)
  })
  afterAll(() => server.stop())
  const ask = (...parts: readonly (string | Buffer)[]) => speak(server.port, ...parts)

  it.each([
    ['malformed JSON', post('application/json', '{"id":'), 400],
    ['JSON that isn’t UTF-8', post('application/json', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])), 400],
    ['a wrong charset', post('application/json; charset=utf-16', '{"id":"a"}'), 415],
    ['a gigantic body', post('application/json', `{"id":"${'x'.repeat(3_000_000)}"}`), 413],
    [
      'a body that only says it is gigantic',
      [head(`POST ${BASE}/things`, 'Content-Type: application/json', 'Content-Length: 99999999999'), '{'],
      413,
    ],
    ['a path that climbs', [head(`GET ${BASE}/things/../../../etc/passwd`)], 404],
    ['a path that climbs encoded', [head(`GET ${BASE}/things/%2e%2e/%2e%2e/%2e%2e/etc/passwd`)], 404],
    ['an encoded slash', [head(`GET ${BASE}/things%2fx`)], 404],
    ['a double encoding', [head(`GET ${BASE}/things/%252e%252e%252fopen`)], 404],
    ['an encoding that is none', [head(`GET ${BASE}/things/%zz`)], 404],
    ['a NUL', [head(`GET ${BASE}/things/%00`)], 404],
    ['an injected header in the path', [head(`GET ${BASE}/things/x%0d%0aSet-Cookie:%20a=b`)], 404],
    ['an injected header in the session', [head(`GET ${BASE}/open`, 'Sallyport-Session: a%0d%0ab')], 400],
    ['two lengths', [head(`POST ${BASE}/things`, 'Content-Length: 2', 'Content-Length: 3'), '{}'], 400],
    [
      'a length and chunks',
      [head(`POST ${BASE}/things`, 'Content-Length: 2', 'Transfer-Encoding: chunked'), '0\r\n\r\n'],
      400,
    ],
    ['no HTTP', ['\x16\x03\x01\x02\x00\x01\x00\r\n\r\n'], 400],
    ['headers without end', [`GET / HTTP/1.1\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`], 431],
    ['a recursive schema', [head(`GET ${BASE}/recursive`)], 200],
    ['an impossible schema', [head(`GET ${BASE}/impossible`)], 500],
  ] as const)('%s', async (_, parts, status) => {
    const answer = await ask(...parts)
    expect(statusOf(answer), answer).toBe(status)
    expect(answer.split('\r\n\r\n', 1)[0]).not.toMatch(/\nset-cookie/i)
    expect(statusOf(await ask(head(`GET ${BASE}/open`)))).toBe(200)
    expect(faults).toEqual([])
  })

  it('500 parallel sessions over HTTP, none of which sees what another made', async () => {
    const seen = await Promise.all(
      Array.from({ length: 500 }, async (_, who) => {
        const session = `Sallyport-Session: s${who}`
        const body = JSON.stringify({ id: 'same', note: `of ${who}` })
        const made = await ask(
          head(`POST ${BASE}/things`, session, 'Content-Type: application/json', `Content-Length: ${body.length}`),
          body,
        )
        return [statusOf(made), /"note":"([^"]*)"/.exec(await ask(head(`GET ${BASE}/things/same`, session)))?.[1]]
      }),
    )
    expect(seen).toEqual(seen.map((_, who) => [201, `of ${who}`]))
    expect(faults).toEqual([])
  })
})

describe('slowloris', () => {
  let server: Listening
  beforeAll(async () => {
    const patience = { headersTimeout: 400, requestTimeout: 800, connectionsCheckingInterval: 50 }
    server = await listen(nodeHandler(sandboxOf(model)), '127.0.0.1', 0, patience)
  })
  afterAll(() => server.stop())

  /** Sends a byte now and then, or none, until the other end has enough; resolves with what was answered. */
  function drip(beginning: string, interval: number): Promise<string> {
    const socket = connect(server.port, '127.0.0.1')
    let answer = ''
    socket.write(beginning)
    const timer = setInterval(() => socket.write('x'), interval)
    // What crosses the server's last word is answered by a reset, and may take that word along.
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      clearInterval(timer)
      answer += String(chunk)
    })
    return new Promise((resolve) => {
      socket.once('close', () => {
        clearInterval(timer)
        resolve(answer)
      })
    })
  }

  it.each([
    ['headers', `GET ${BASE}/open HTTP/1.1\r\nHost: x\r\nX: `],
    ['a body', head(`POST ${BASE}/things`, 'Content-Type: application/json', 'Content-Length: 100000')],
  ])('of %s: 408 and the end, while others are served', async (_, beginning) => {
    const slow = Promise.all(Array.from({ length: 40 }, () => drip(beginning, 50)))
    const silent = Promise.all(Array.from({ length: 10 }, () => drip(beginning, 60_000)))
    expect(statusOf(await speak(server.port, head(`GET ${BASE}/open`)))).toBe(200)
    expect(new Set((await silent).map(statusOf))).toEqual(new Set([408]))
    for (const answer of await slow) expect(answer).toMatch(/^$|^HTTP\/1\.1 408 /)
  })
})
