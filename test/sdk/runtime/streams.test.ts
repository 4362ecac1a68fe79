import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { download } from '../../../sdk-templates/typescript/runtime/binary.ts'
import { revive, type Shape } from '../../../sdk-templates/typescript/runtime/dates.ts'
import { events, parseEvents } from '../../../sdk-templates/typescript/runtime/events.ts'
import { jsonLines } from '../../../sdk-templates/typescript/runtime/json-lines.ts'
import { HostileServer } from './hostile-server.ts'
import { robot, THINGS } from './robot.ts'

let server: HostileServer

beforeEach(async () => {
  server = await new HostileServer().start()
})
afterEach(() => server.stop())

test.each<[string, string[], object[]]>([
  ['torn line ends', ['data: a\r', '\ndata: b\r\n\r', '\n'], [{ event: 'message', data: 'a\nb', id: undefined }]],
  [
    'names, ids, comments',
    [': hi\nevent: x\nid: 7\ndata:1\n\ndata: 2\n\n'],
    [
      { event: 'x', data: '1', id: '7' },
      { event: 'message', data: '2', id: '7' },
    ],
  ],
  [
    'lone CR, byte order mark',
    ['\uFEFFdata: a\r\rdata: b\r\r'],
    [
      { event: 'message', data: 'a', id: undefined },
      { event: 'message', data: 'b', id: undefined },
    ],
  ],
  ['broken off', ['data: a\n\ndata: b\n'], [{ event: 'message', data: 'a', id: undefined }]],
  ['no data', ['event: x\n\n'], []],
])('event stream: %s', async (_, chunks, want) => {
  const got = []
  for await (const event of parseEvents(
    (async function* () {
      yield* chunks
    })(),
  ))
    got.push(event)
  expect(got).toEqual(want)
})

test('server-sent events, until the caller has seen enough', async () => {
  const closed = vi.fn()
  server.api = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    response.on('close', closed)
    response.write('event: tick\ndata: {"n":1}\n\ndata: {"n":2}\n\n')
  }
  const found = []
  for await (const event of events<{ n: number }>(
    robot(server),
    { ...THINGS, accept: 'text/event-stream' },
    {},
    true,
  )) {
    found.push(event.data.n)
    if (found.length === 2) break
  }
  expect(found).toEqual([1, 2])
  await vi.waitFor(() => expect(closed).toHaveBeenCalled())
})

test('a signal ends a stream of events', async () => {
  server.api = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: 1\n\n')
  }
  const controller = new AbortController()
  const stream = events(robot(server), THINGS, { options: { signal: controller.signal } }, false)
  expect((await stream.next()).value).toMatchObject({ data: '1' })
  controller.abort(new Error('enough'))
  await expect(stream.next()).rejects.toThrow('enough')
})

test.each(['application/jsonl', 'application/x-ndjson; charset=utf-8', 'application/json-seq'])(
  '%s, as it comes',
  async (type) => {
    let go: () => void = () => undefined
    server.api = (_, response) => {
      response.writeHead(200, { 'content-type': type })
      response.write('\u001E{"n":1}\n{"n"')
      go = () => response.end(':2}\n\n{"n":3}')
    }
    const found = []
    for await (const item of jsonLines<{ n: number }>(robot(server), { ...THINGS, accept: type }, {})) {
      found.push(item.n)
      if (item.n === 1) go()
    }
    expect(found).toEqual([1, 2, 3])
  },
)

test('a line that is no JSON, and a stream that is none', async () => {
  server.api = (_, response) => response.writeHead(200, { 'content-type': 'application/jsonl' }).end('{')
  await expect(Array.fromAsync(jsonLines(robot(server), THINGS, {}))).rejects.toThrow('part of the stream')
  server.api = (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>')
  await expect(Array.fromAsync(jsonLines(robot(server), THINGS, {}))).rejects.toThrow('expected a stream')
})

test('bytes: a Blob, or a stream that a timeout does not cut and a signal does', async () => {
  server.api = (_, response) => response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from([1, 2]))
  expect(await download(robot(server), THINGS, {})).toMatchObject({ size: 2, type: 'image/png' })
  server.api = (_, response) => {
    response.writeHead(200).write('begun')
    setTimeout(() => response.write('later'), 120)
  }
  const controller = new AbortController()
  const options = { timeout: 60, signal: controller.signal }
  const reader = (await download(robot(server), { ...THINGS, scopes: [] }, { options }).stream()).getReader()
  const text = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value)
  expect(await text()).toBe('begun')
  expect(await text()).toBe('later')
  controller.abort(new Error('enough'))
  await expect(reader.read()).rejects.toThrow('enough')
})

test('dates in the items of a stream', async () => {
  const at = '2027-01-02T03:04:05Z'
  const shape: Shape = { members: { at: () => ({ date: true }) } }
  const dates = { revive, shape }
  server.api = ({ path }, response) => {
    const [type, text] = path === '/lines' ? ['application/jsonl', ''] : ['text/event-stream', 'data: ']
    response.writeHead(200, { 'content-type': type }).end(`${text}{"at":"${at}"}\n\n`)
  }
  const found: unknown[] = []
  const source = { ...THINGS, dates }
  for await (const line of jsonLines(robot(server), { ...source, path: '/lines' }, {})) found.push(line)
  for await (const { data } of events(robot(server), source, {}, true)) found.push(data)
  expect(found).toEqual([{ at: new Date(at) }, { at: new Date(at) }])
})
