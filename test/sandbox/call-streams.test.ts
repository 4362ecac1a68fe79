import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import type { LoggedCall } from '../../src/sandbox/call-log.ts'
import type { Sandbox } from '../../src/sandbox/engine.ts'
import { nodeHandler } from '../../src/sandbox/node.ts'
import { modelOf, requestOf, type Sent, sandboxOf, send } from './sandbox.ts'

const model = modelOf({
  components: {
    securitySchemes: { oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/t', scopes: { a: '' } } } } },
  },
  paths: { '/x': { get: { security: [{ oauth: ['a'] }], responses: { 204: { description: '' } } } } },
})

async function served(sandbox: Sandbox): Promise<string> {
  const server = createServer(nodeHandler(sandbox)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The events of a stream, one by one; the end of the stream is undefined. */
async function follow(origin: string, { headers, ...sent }: Sent = { token: 'app~a' }) {
  const request = requestOf('/-/calls', { ...sent, headers: { accept: 'text/event-stream', ...headers } }, origin)
  const response = await fetch(request)
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    async next(): Promise<LoggedCall | undefined> {
      for (;;) {
        const end = text.indexOf('\n\n')
        const block = text.slice(0, Math.max(end, 0))
        text = end < 0 ? text : text.slice(end + 2)
        const data = /^data: (.*)$/m.exec(block)?.[1]
        if (data !== undefined) return JSON.parse(data) as LoggedCall
        if (end >= 0) continue
        const chunk = await reader?.read()
        if (chunk === undefined || chunk.done) return undefined
        text += chunk.value
      }
    },
    leave: () => reader?.cancel(),
  }
}

it('tells a session of its calls as they happen, over HTTP, and of nobody else’s', async () => {
  const sandbox = sandboxOf(model)
  const events = await follow(await served(sandbox))
  await send(sandbox, '/x', { token: 'other~a' })
  await send(sandbox, '/x', { token: 'app~a' })
  expect(await events.next()).toMatchObject({ id: 1, path: '/x', status: 204, clientId: 'app' })
  await send(sandbox, '/x', { token: 'app~' })
  expect(await events.next()).toMatchObject({ id: 2, status: 403, decision: { allow: false } })
  await events.leave()
})

it('goes on where it broke off', async () => {
  const sandbox = sandboxOf(model)
  const origin = await served(sandbox)
  for (let count = 0; count < 3; count++) await send(sandbox, '/x', { token: 'app~a' })
  const events = await follow(origin, { token: 'app~a', headers: { 'last-event-id': '2' } })
  expect((await events.next())?.id).toBe(3)
  await events.leave()
  // A server that started anew counts from 1 again.
  const anew = await follow(origin, { token: 'app~a', headers: { 'last-event-id': '40' } })
  expect((await anew.next())?.id).toBe(1)
  await anew.leave()
})

it('ends with its token, and with its server', async () => {
  const ending = new AbortController()
  const sandbox = sandboxOf(model, { ending: ending.signal })
  const origin = await served(sandbox)
  const events = await follow(origin, { token: 'app~a' })
  sandbox.expire('app~a')
  await send(sandbox, '/x', { token: 'app~a+b' })
  expect(await events.next()).toBeUndefined()
  const others = await follow(origin, { token: 'app~a+b' })
  expect((await others.next())?.id).toBe(1)
  ending.abort()
  expect(await others.next()).toBeUndefined()
})

it('gives a session five streams at most, and then what there is', async () => {
  const sandbox = sandboxOf(model)
  const origin = await served(sandbox)
  const five = await Promise.all(Array.from({ length: 5 }, () => follow(origin)))
  const ask = () => fetch(requestOf('/-/calls', { token: 'app~a', headers: { accept: 'text/event-stream' } }, origin))
  expect(await (await ask()).json()).toEqual({ calls: [] })
  const others = await follow(origin, { token: 'other~a' })
  await others.leave()
  for (const one of five) await one.leave()
  // Whoever left makes room, as soon as the server hears of it.
  await expect.poll(async () => (await ask()).headers.get('content-type')).toBe('text/event-stream')
})
