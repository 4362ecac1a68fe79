import { expect, test } from 'vitest'
import { type Lens, type LensApp, viewer } from '../../src/docs/lens.ts'
import { samples } from '../../src/docs/samples.ts'
import type { ApiModel } from '../../src/model/api.ts'
import { modelFrom, modelOf } from '../consumers/models.ts'

const APP: LensApp = {
  id: 'client-of-mine',
  name: 'Mine',
  kind: 'service',
  verified: false,
  apis: ['people'],
  scopes: ['employees:read'],
}

function samplesOf(model: ApiModel, id: string, lens: Lens = { as: 'everything' }, clientId?: string) {
  const operation = model.operations.find((one) => one.id === id)
  if (operation === undefined) throw new Error(id)
  return samples(operation, {
    model,
    viewer: viewer(lens, model, [APP]),
    npmScope: 'acme',
    publicUrl: 'https://portal.example',
    ...(clientId !== undefined && { clientId }),
  })
}

const model = await modelOf('people')

test('TypeScript, curl and four more, all to the sandbox', () => {
  const all = samplesOf(model, 'listEmployees')
  expect(all.map(({ id }) => id)).toEqual(['typescript', 'curl', 'python', 'go', 'java', 'csharp'])
  for (const { id, code } of all)
    if (id !== 'typescript') expect(code).toContain('https://portal.example/sandbox/people/employees')
})

test('the class is called as in the package, where the API is called like something else that it has', () => {
  const pages = { ...model, name: 'page' }
  expect(samplesOf(pages, 'getEmployee')[0]?.code).toMatch(
    /^import \{ PageClient \} from '@acme\/page'\n\nconst pageClient = /,
  )
})

test('whoever has an app sees its client id, and a secret is never more than a variable', () => {
  const typescript = (lens?: Lens, clientId?: string) => samplesOf(model, 'getEmployee', lens, clientId)[0]?.code
  expect(typescript()).toContain("clientId: process.env['SALLYPORT_CLIENT_ID']")
  expect(typescript({ as: 'everything' }, 'client-of-mine')).toContain("clientId: 'client-of-mine'")
  expect(typescript({ as: 'app', app: 'client-of-mine' })).toContain("clientId: 'client-of-mine'")
  for (const operation of model.operations)
    for (const { code } of samplesOf(model, operation.id, { as: 'everything' }, 'client-of-mine'))
      expect(code.replace("clientSecret: process.env['SALLYPORT_CLIENT_SECRET']", '')).not.toMatch(/secret/i)
})

test('a sample asks for the scopes of whom the page is seen as, or else of the operation', () => {
  const scopes = (lens?: Lens) => /scopes: .*/.exec(samplesOf(model, 'getEmployee', lens)[0]?.code ?? '')?.[0]
  expect(scopes()).toBe("scopes: ['employees:read'],")
  expect(scopes({ as: 'scopes', scopes: ['compensation:read', 'employees:read'] })).toBe(
    "scopes: ['compensation:read', 'employees:read'],",
  )
})

test('what someone filled in stands in all samples, quoted for each language', () => {
  const operation = model.operations.find(({ id }) => id === 'getEmployee')
  if (operation === undefined) throw new Error('getEmployee')
  const context = {
    model,
    viewer: viewer({ as: 'everything' }, model, []),
    npmScope: 'acme',
    publicUrl: 'https://portal.example',
  }
  const given = { parameters: { 'path id': `a'b"c $(x)` }, media: 0, body: undefined }
  const [typescript, ...others] = samples(operation, context, given)
  expect(typescript?.code).toContain(`.get('a\\'b"c $(x)')`)
  for (const { code } of others) expect(code).toMatch(/\/employees\/a.{1,5}b%22c%20%24%28x%29/)
})

test('a file is a variable, whatever an example says in its place', () => {
  expect(samplesOf(model, 'replaceEmployeePhoto')[0]?.code).toContain('{ photo: file }')
})

const KEYS = {
  key: { type: 'apiKey', in: 'query', name: 'api_key' },
  cookie: { type: 'apiKey', in: 'cookie', name: 'ck' },
  basic: { type: 'http', scheme: 'basic' },
}

/** The samples of `POST /things/{id}`, by language. */
async function samplesFor(operation: object): Promise<Readonly<Record<string, string>>> {
  const things = await modelFrom({
    openapi: '3.1.0',
    info: { title: 'Things', version: '1' },
    paths: {
      '/things/{id}': {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' }, example: 'a/b' }],
        post: { operationId: 'call', responses: { 204: { description: 'Done' } }, ...operation },
      },
    },
    components: { securitySchemes: KEYS },
  })
  return Object.fromEntries(samplesOf(things, 'call').map(({ id, code }) => [id, code]))
}

function query(name: string, example: unknown, more: object = {}) {
  return { name, in: 'query', required: true, schema: {}, example, ...more }
}

test('parameters are written in their style, once percent-encoded, in every language', async () => {
  const all = await samplesFor({
    parameters: [
      query('each', ['a b', 'c']),
      query('piped', ['x', 'y'], { style: 'pipeDelimited', explode: false }),
      query('deep', { k: { l: 1 } }, { style: 'deepObject' }),
      { name: 'filter', in: 'query', required: true, content: { 'application/json': { example: { a: 1 } } } },
      { name: 'sess', in: 'cookie', required: true, schema: {}, example: 's1' },
      { name: 'X-Of', in: 'header', required: true, schema: {}, example: 'say "hi"' },
    ],
  })
  const url = '/things/a%2Fb?each=a%20b&each=c&piped=x%7Cy&deep%5Bk%5D%5Bl%5D=1&filter=%7B%22a%22%3A1%7D'
  for (const language of ['curl', 'python', 'go', 'java', 'csharp']) {
    expect(all[language]).toContain(url)
    expect(all[language]).toContain('sess=s1')
  }
  for (const language of ['python', 'go', 'java', 'csharp']) expect(all[language]).toContain(String.raw`"say \"hi\""`)
})

test('keys and passwords have a place in the sample, which the shell fills in', async () => {
  const { curl, python } = await samplesFor({ security: [{ key: [], cookie: [], basic: [] }] })
  expect(curl).toContain('?api_key=$API_KEY" \\')
  expect(curl).toContain('--header "Authorization: Basic $CREDENTIALS"')
  expect(curl).toContain('--header "Cookie: ck=$API_KEY"')
  expect(python).toMatch(/\?api_key=API_KEY".*"Authorization": "Basic CREDENTIALS".*"Cookie": "ck=API_KEY"/s)
})

test('bodies of any type are sent, in every language', async () => {
  const sent = async (type: string, media: object) =>
    Object.values(await samplesFor({ requestBody: { content: { [type]: media } } })).slice(1)
  for (const code of await sent('application/vnd.api+json', { example: { a: [true, 'b'] } }))
    expect(code).toMatch(/\ba\b.*\bb\b/s)
  for (const code of await sent('text/plain', { example: 'plain' })) expect(code).toMatch(/'plain'|"plain"|^plain$/m)
  for (const code of await sent('application/soap+xml', { example: '<a/>' })) expect(code).toContain('<a/>')
  const [curl, python, go, java, csharp] = await sent('image/png', {})
  expect(curl).toContain("--data-binary '@file'")
  expect(python).toContain('data=open("file", "rb")')
  expect(go).toMatch(/"os".*os\.Open\("file"\)/s)
  expect(java).toContain('Files.readAllBytes(java.nio.file.Path.of("file"))')
  expect(csharp).toMatch(/File\.OpenRead\("file"\).*"image\/png"/s)
})

test('a form sends each item of a list, and files as files', async () => {
  const schema = { properties: { file: { type: 'string', format: 'binary' }, tags: { type: 'array' }, note: {} } }
  const body = { schema, example: { file: 'x', tags: ['p', 'q'], note: 'n' } }
  const multipart = await samplesFor({ requestBody: { content: { 'multipart/form-data': body } } })
  expect(multipart.curl).toMatch(/--form 'file=@file'.*'tags=p'.*'tags=q'/s)
  expect(multipart.python).toMatch(/"file", open\("file", "rb"\).*"p",\n.*"q"/s)
  const { curl, go, java } = await samplesFor({
    requestBody: { content: { 'application/x-www-form-urlencoded': body } },
  })
  expect(curl).toMatch(/'tags=p'.*'tags=q'/s)
  for (const code of [go, java]) expect(code).toContain('tags=p&tags=q')
})

test('a member of a form is written in its own style', async () => {
  const example = { address: { city: 'Ghent', of: { k: 1 } }, tags: ['a', 'b'], plain: { k: 1 } }
  const encoding = { address: { style: 'deepObject', explode: true }, tags: { style: 'pipeDelimited', explode: false } }
  const { curl, java } = await samplesFor({
    requestBody: { content: { 'application/x-www-form-urlencoded': { schema: {}, example, encoding } } },
  })
  expect(curl).toMatch(/'address%5Bcity%5D=Ghent'.*'address%5Bof%5D%5Bk%5D=1'.*'tags=a\|b'.*'plain=\{"k":1\}'/s)
  expect(java).toContain('address%5Bcity%5D=Ghent&address%5Bof%5D%5Bk%5D=1&tags=a%7Cb&plain=%7B%22k%22%3A1%7D')
})

test('what a document says never makes curl read a file, or the shell a variable', async () => {
  const evil = { file: '@/etc/passwd', typed: { a: ';type=text/html' }, from: '</etc/passwd' }
  const { curl } = await samplesFor({
    requestBody: { content: { 'multipart/form-data': { schema: {}, example: evil } } },
  })
  expect(curl).not.toMatch(/--form '[^']*(=[@<]|;)/)
  expect(curl?.match(/--form-string /g)).toHaveLength(3)
  const text = await samplesFor({
    parameters: [{ name: 'X-Evil', in: 'header', required: true, schema: {}, example: "'$HOME`id`" }],
    requestBody: { content: { 'text/plain': { example: '@/etc/passwd' } } },
  })
  expect(text.curl).toContain("--data-raw '@/etc/passwd'")
  expect(text.curl).toContain(`'X-Evil: '\\''$HOME\`id\`'`)
})

test('a HEAD asks for no body, and what follows a # in a path is never sent', async () => {
  const things = await modelFrom({
    openapi: '3.1.0',
    info: { title: 'Things', version: '1' },
    paths: { '/things#some': { head: { operationId: 'call', parameters: [query('q', 1)], responses: {} } } },
  })
  const [, curl] = samplesOf(things, 'call')
  expect(curl?.code).toMatch(/\/things\?q=1'? \\\n {2}--head$/)
})

test('half a character in a document ends no page', async () => {
  const half = '\ud83d'
  const all = await samplesFor({
    security: [{ key: [] }],
    parameters: [query(half, { [half]: [half] }), query('b', half)],
    requestBody: { content: { 'application/x-www-form-urlencoded': { schema: {}, example: { [half]: half } } } },
  })
  expect(all.curl).toContain('%EF%BF%BD')
})
