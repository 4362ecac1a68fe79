import { once } from 'node:events'
import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { nodeHandler } from '../../src/sandbox/node.ts'
import { documents, matrix, tokenOf } from './matrix.ts'
import { BASE, sandboxOf } from './sandbox.ts'

const agent = new Agent({ keepAlive: true })

it.each(await documents())('decides every cell of scope × operation as the document says: $name', async (subject) => {
  const { model, document, data } = subject
  const server = createServer(nodeHandler(sandboxOf(model, { data }))).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const cells = matrix(document)
  const wrong: unknown[] = []
  const counts = { pass: 0, 401: 0, 403: 0 }
  for (const cell of cells) {
    const status = await new Promise<number>((resolve, reject) => {
      request({ agent, port, method: cell.method, path: BASE + cell.path, headers: tokenOf(cell) }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0))
      })
        .once('error', reject)
        .end()
    })
    counts[cell.expected]++
    const verdict = status === 401 || status === 403 ? status : 'pass'
    if (verdict !== cell.expected || status >= 500) wrong.push({ ...cell, status })
  }
  expect(wrong).toEqual([])
  expect(cells.length).toBe(counts.pass + counts[401] + counts[403])
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0)
})
