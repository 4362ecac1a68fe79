import { once } from 'node:events'
import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { nodeHandler } from '../../src/sandbox/node.ts'
import { type Cell, documents, matrix, summary, tokenOf } from './matrix.ts'
import { BASE, sandboxOf } from './sandbox.ts'

const agent = new Agent({ keepAlive: true })

it.each(await documents())('decides every cell of scope × operation as the document says: $name', async (subject) => {
  const { name, model, document, data } = subject
  const server = createServer(nodeHandler(sandboxOf(model, { data }))).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const asked = matrix(document)
  const wrong: unknown[] = []
  const verdicts: Cell['expected'][] = []
  for (const cell of asked.cells) {
    const status = await new Promise<number>((resolve, reject) => {
      request({ agent, port, method: cell.method, path: BASE + cell.path, headers: tokenOf(cell) }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0))
      })
        .once('error', reject)
        .end()
    })
    const verdict = status === 401 || status === 403 ? status : 'pass'
    verdicts.push(verdict)
    if (verdict !== cell.expected || status >= 500) wrong.push({ ...cell, status })
  }
  expect(wrong).toEqual([])
  process.stdout.write(`${summary(name, asked, verdicts)}\n`)
  expect(asked.operations).toBe(model.operations.length)
  expect(verdicts.length).toBe(asked.operations * asked.sets)
  for (const verdict of ['pass', 401, 403] as const) expect(verdicts).toContain(verdict)
})
