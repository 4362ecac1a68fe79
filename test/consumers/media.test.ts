import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildSdk } from '../../src/sdk/package/build.ts'
import { sdkSources } from '../../src/sdk/package/sources.ts'
import { HostileServer, json } from '../sdk/runtime/hostile-server.ts'
import { modelFrom } from './models.ts'
import { CONSUMER, SAME, Workspace } from './workspace.ts'

const object = (properties: object, required = Object.keys(properties)): object => ({
  type: 'object',
  properties,
  required,
})
const text = { type: 'string' }

const GALLERY = {
  openapi: '3.1.0',
  info: { title: 'Gallery', version: '1' },
  paths: {
    '/pictures': {
      post: {
        operationId: 'addPicture',
        requestBody: {
          required: true,
          content: {
            'multipart/form-data': {
              schema: object({ title: text, file: { type: 'string', format: 'binary' } }),
              encoding: { file: { contentType: 'image/png' } },
            },
            'application/x-www-form-urlencoded': { schema: object({ title: text, from: text }) },
            'application/json': { schema: object({ title: text, url: text }) },
            'application/vnd.gallery+json': { schema: object({ title: text, url: text }) },
            'image/png': {},
            'text/plain': { schema: text },
          },
        },
        responses: {
          200: { description: '', content: { 'application/json': { schema: object({ id: text }) } } },
          202: { description: '', content: { 'application/json': { schema: object({ queue: { type: 'integer' } }) } } },
          204: { description: '' },
        },
      },
    },
    '/pictures/{id}': {
      put: {
        operationId: 'changePicture',
        requestBody: { content: { 'application/json': { schema: object({}) }, 'text/plain': { schema: text } } },
        responses: {
          200: {
            description: '',
            content: {
              'application/json': { schema: object({ title: text }) },
              'text/csv': { schema: text },
              'image/png': {},
            },
          },
        },
      },
    },
  },
}

let workspace: Workspace
let server: HostileServer

beforeAll(async () => {
  workspace = await Workspace.create()
  server = await new HostileServer().start()
  const model = await modelFrom(GALLERY, 'gallery')
  const { files } = await buildSdk({ model, packageName: '@acme/gallery', connection: {} })
  await workspace.writeAll('node_modules/@acme/gallery', files)
})
afterAll(async () => {
  await server.stop()
  await workspace.remove()
})

const check = async (program: string): Promise<string[]> =>
  workspace.check(
    [
      await workspace.write(
        'program.ts',
        `import { Gallery } from '@acme/gallery'
import { addPicture } from '@acme/gallery/pictures'
${SAME}
const gallery = new Gallery({ token: 'x' })
const { pictures } = gallery
${program}\nexport { addPicture, pictures, same, type Same }`,
      ),
    ],
    CONSUMER,
  )

test('compiles under the strictest flags', async () => {
  const sources = sdkSources({ model: await modelFrom(GALLERY, 'gallery'), packageName: 'x', connection: {} })
  expect(workspace.check(await workspace.writeAll('sources/gallery', sources))).toEqual([])
})

describe('requests', () => {
  test('a body has the type of the media type that is chosen; JSON unless one is', async () => {
    expect(
      await check(`await pictures.create({ title: 'a', url: 'b' })
await pictures.create({ title: 'a', file: new Blob() }, { contentType: 'multipart/form-data' })
await pictures.create(new FormData(), { contentType: 'multipart/form-data' })
await pictures.create({ title: 'a', from: 'b' }, { contentType: 'application/x-www-form-urlencoded' })
await pictures.create(new Blob(), { contentType: 'image/png' })
await pictures.create('a', { contentType: 'text/plain' })
await addPicture(gallery, { title: 'a', from: 'b' }, { contentType: 'application/x-www-form-urlencoded' })
await pictures.update('1')
await pictures.update('1', 'a', { contentType: 'text/plain', accept: 'text/csv' })`),
    ).toEqual([])
  })

  test('what the media type has no room for does not compile', async () => {
    const refused = [
      [`pictures.create({ title: 'a', file: new Blob() })`, 'TS2353'],
      [`pictures.create({ title: 'a', url: 'b' }, { contentType: 'multipart/form-data' })`, 'TS2353'],
      [`pictures.create({ title: 'a', url: 'b' }, { contentType: 'text/plain' })`, 'TS2345'],
      [`pictures.create({ title: 'a', url: 'b' }, { contentType: 'application/xml' })`, 'TS2322'],
      // The same schema in the same kind of format is no choice.
      [`pictures.create({ title: 'a', url: 'b' }, { contentType: 'application/vnd.gallery+json' })`, 'TS2322'],
      [`addPicture(gallery, 'a')`, 'TS2345'],
      [`pictures.update('1', {}, { accept: 'text/html' })`, 'TS2322'],
    ]
    const errors = await check(refused.map(([call]) => `await ${call}`).join('\n'))
    expect(errors.map((error) => error.slice(0, 6))).toEqual(refused.map(([, code]) => code))
  })

  test('are sent as what was chosen', async () => {
    server.api = ({ headers, body }, response) =>
      json(response, 200, { type: String(headers['content-type']).replace(/boundary=.*/, ''), body })
    await workspace.write(
      'program.mjs',
      `import { Gallery } from '@acme/gallery'
const { pictures } = new Gallery({ baseUrl: process.env.ORIGIN })
const answers = [
  await pictures.create({ title: 'a', url: 'b' }),
  await pictures.create({ title: 'a', url: 'b' }, { contentType: 'application/json' }),
  await pictures.create({ title: 'a', from: 'b c' }, { contentType: 'application/x-www-form-urlencoded' }),
  await pictures.create(new Blob(['bytes']), { contentType: 'image/png' }),
  await pictures.create('words', { contentType: 'text/plain' }),
  await pictures.create({ title: 'a', file: new Blob(['bytes']) }, { contentType: 'multipart/form-data' }),
]
console.log(JSON.stringify(answers))`,
    )
    const answers = JSON.parse(await workspace.run('program.mjs', { ORIGIN: server.origin })) as object[]
    const asJson = { type: 'application/json', body: '{"title":"a","url":"b"}' }
    expect(answers.slice(0, 5)).toEqual([
      asJson,
      asJson,
      { type: 'application/x-www-form-urlencoded', body: 'title=a&from=b+c' },
      { type: 'image/png', body: 'bytes' },
      { type: 'text/plain', body: 'words' },
    ])
    expect(answers[5]).toEqual({
      type: 'multipart/form-data; ',
      body: expect.stringMatching(/name="file"; filename="file"\r\nContent-Type: image\/png\r\n\r\nbytes/),
    })
  })
})

describe('responses', () => {
  test('a body has the type of its status, and of the media type that was asked for', async () => {
    expect(
      await check(`const answer = await pictures.create({ title: 'a', url: 'b' }).withResponse()
same<Same<typeof answer.status, 200 | 202 | 204>>()
if (answer.status === 200) same<Same<typeof answer.data, { id: string }>>()
else if (answer.status === 202) same<Same<typeof answer.data, { queue: number }>>()
else same<Same<typeof answer.data, undefined>>()
const data = await pictures.create({ title: 'a', url: 'b' })
same<Same<typeof data, { id: string } | { queue: number } | undefined>>()
const object = await pictures.update('1')
same<Same<typeof object, { title: string }>>()
const csv = await pictures.update('1', {}, { accept: 'text/csv' })
same<Same<typeof csv, string>>()
const png = await pictures.update('1', {}, { accept: 'image/png' })
same<Same<typeof png, Blob>>()`),
    ).toEqual([])
  })
})
