import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Portal } from './portal.ts'

/** Milliseconds: a page that was rendered is sent again for five seconds. */
const STALE = 6_000

let portal: Portal

beforeAll(async () => {
  portal = await Portal.start({ SPECS_DIR: 'specs' })
})

afterAll(() => portal?.destroy())

test('a page is the same whether it was rendered whole or compiled before', async () => {
  const paths = ['people/operations/getEmployee', 'people/operations/createEmployee', 'people/operations/listEmployees']
  const pages = () =>
    Promise.all(
      paths.map(async (path) => {
        const response = await fetch(`${portal.url}/apis/${path}`, { headers: { 'accept-encoding': 'gzip' } })
        return { text: await response.text(), etag: response.headers.get('etag') }
      }),
    )
  const compiled = async () => (await readdir(join(portal.dataDir, 'cache'))).filter((name) => name.endsWith('.parts'))
  const before = await pages()
  expect(await compiled()).toEqual([])
  await vi.waitFor(async () => expect((await compiled()).some((name) => name.includes('.whole.'))).toBe(true), {
    timeout: 60_000,
    interval: 100,
  })
  await sleep(STALE)
  const after = await pages()
  expect(after.map(({ text }) => text)).toEqual(before.map(({ text }) => text))
  // Otherwise it was rendered again.
  for (const [index, { etag }] of after.entries()) expect(etag).not.toBe(before[index]?.etag)
})
