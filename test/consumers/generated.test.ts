import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildSdk } from '../../src/sdk/package/build.ts'
import { sdkSources } from '../../src/sdk/package/sources.ts'
import { HostileServer, json } from '../sdk/runtime/hostile-server.ts'
import { modelFrom, modelOf } from './models.ts'
import { CONSUMER, Workspace } from './workspace.ts'

let workspace: Workspace

beforeAll(async () => {
  workspace = await Workspace.create()
})
afterAll(() => workspace.remove())

const connection = {}

describe('compiles under the strictest flags', () => {
  test.each(['people', 'publishing', 'figma'] as const)('%s: sources', async (name) => {
    const model = await modelOf(name)
    const sources = sdkSources({ model, packageName: `@sallyport/${name}`, connection })
    expect(workspace.check(await workspace.writeAll(`sources/${name}`, sources))).toEqual([])
    for (const text of sources.values())
      expect(text).not.toMatch(/: any\b|<any>|as any\b|@ts-(ignore|expect-error|nocheck)/)
  })

  test('declarations as published', async () => {
    const model = await modelOf('people')
    const { files } = await buildSdk({ model, packageName: '@sallyport/people', connection })
    const written = await workspace.writeAll('node_modules/@sallyport/people', files)
    expect(workspace.check(written.filter((file) => file.endsWith('.d.ts')))).toEqual([])
  })
})

describe('scopes as types', () => {
  const check = async (program: string): Promise<string[]> => {
    const file = await workspace.write('program.ts', program)
    return workspace.check([file], CONSUMER)
  }
  const people = (scopes: string): string => `import { People } from '@sallyport/people'
const people = new People({ clientId: 'x', ${scopes} })\n`

  test('a call within the scopes', async () => {
    expect(
      await check(`${people("scopes: ['employees:read']")}export const all = await people.employees.list()`),
    ).toEqual([])
  })

  test('a call outside the scopes says which is missing', async () => {
    const errors = await check(`${people("scopes: ['employees:read']")}await people.timeOff.list()`)
    expect(errors).toHaveLength(1)
    expect(errors[0]).toContain(
      `TS2684: The 'this' context of type 'TimeOff<"employees:read">' is not assignable to method's 'this' of type 'Needs<"timeoff:read">'`,
    )
    expect(errors[0]).toContain(`Property '"timeoff:read"' is missing in type`)
  })

  test('AND: every scope of an alternative is needed', async () => {
    const [error] = await check(`${people("scopes: ['payroll:read']")}await people.payslips.list()`)
    expect(error).toContain(`Property '"compensation:read"' is missing`)
    expect(
      await check(`${people("scopes: ['payroll:read', 'compensation:read']")}await people.payslips.list()`),
    ).toEqual([])
  })

  test('OR: any alternative will do', async () => {
    const model = await modelOf('publishing')
    const { files } = await buildSdk({ model, packageName: '@sallyport/publishing', connection })
    await workspace.writeAll('node_modules/@sallyport/publishing', files)
    const review = (scope: string): Promise<string[]> =>
      check(`import { Publishing } from '@sallyport/publishing'
const publishing = new Publishing({ scopes: ['${scope}'] })
await publishing.articles.review('art_1', { verdict: 'approve' })`)
    expect(await review('articles:review')).toEqual([])
    expect(await review('api:write')).toEqual([])
    expect((await review('api:read'))[0]).toContain(`of type 'Needs<"api:write"> | Needs<"articles:review">'`)
  })

  test('a gated field is absent without its scope, and present with it', async () => {
    const read = `export const salary = (await people.employees.get('emp_1')).salary`
    expect(await check(`${people("scopes: ['employees:read']")}${read}`)).toEqual([
      expect.stringMatching(/^TS2339: Property 'salary' does not exist on type/),
    ])
    expect(await check(`${people("scopes: ['employees:read', 'compensation:read']")}${read}?.amount`)).toEqual([])
    expect(await check(`${people('')}${read}?.amount`)).toEqual([])
  })

  test('in lists, in the function form and in requests, too', async () => {
    const program = (
      scopes: string,
    ): string => `${people(`scopes: [${scopes}]`)}import { getEmployee } from '@sallyport/people/employees'
for await (const employee of people.employees.list()) employee.salary?.amount
;(await getEmployee(people, 'emp_1')).salary?.amount
await people.employees.update('emp_1', { salary: { amount: '1', currency: 'EUR' } })`
    expect(
      await check(program("'employees:read', 'employees:write', 'compensation:read', 'compensation:write'")),
    ).toEqual([])
    const errors = await check(program("'employees:read', 'employees:write'"))
    expect(errors.map((error) => error.slice(0, 33))).toEqual([
      "TS2339: Property 'salary' does no",
      "TS2339: Property 'salary' does no",
      expect.stringMatching(/^TS2353: Object literal may only s/),
    ])
  })

  test('the function form names what is missing', async () => {
    const [error] =
      await check(`${people("scopes: ['employees:read']")}import { listTimeOff } from '@sallyport/people/timeOff'
await listTimeOff(people)`)
    expect(error).toContain(`Property '"timeoff:read"' is missing`)
  })

  test('a misspelt scope gets a suggestion, a plain string[] is refused', async () => {
    expect((await check(people("scopes: ['employee:read']")))[0]).toContain(`Did you mean '"employees:read"'?`)
    expect(await check(`declare const some: string[]\n${people('scopes: some')}export { people }`)).not.toEqual([])
  })

  test('without scopes nothing is checked', async () => {
    expect(await check(`${people('')}await people.payslips.list()\nawait people.employees.delete('emp_1')`)).toEqual([])
  })

  test('made for an app, the scopes are built in; pruned, what they can not call is gone', async () => {
    const model = await modelOf('people')
    const options = { model, packageName: '@sallyport/mine', scopes: ['employees:read'], connection }
    await workspace.writeAll('node_modules/@sallyport/mine', (await buildSdk(options)).files)
    const program = `import { People } from '@sallyport/mine'
const people = new People({ clientId: 'x' })
await people.employees.list()
await people.timeOff.list()`
    expect(await check(program)).toEqual([expect.stringContaining(`Property '"timeoff:read"' is missing`)])
    const pruned = await buildSdk({ ...options, packageName: '@sallyport/pruned', prune: true })
    await workspace.writeAll('node_modules/@sallyport/pruned', pruned.files)
    expect(await check(program.replace('mine', 'pruned'))).toEqual([
      expect.stringContaining("Property 'timeOff' does not exist"),
    ])
  })

  test('every block of the README compiles', async () => {
    const readme = await workspace.read('node_modules/@sallyport/people/README.md')
    const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
    const setup = blocks[0]?.split('\nfor await')[0] ?? ''
    expect(blocks).toHaveLength(9)
    const globals = `declare const process: { env: Record<string, string | undefined> }
declare const console: { log(...values: unknown[]): void; error(...values: unknown[]): void }
export {}\n`
    for (const block of blocks)
      expect(await check(`${globals}${block.includes(' = new ') ? '' : `${setup}\n`}${block}`), block).toEqual([])
  })
})

describe('runs', () => {
  let server: HostileServer
  beforeAll(async () => {
    server = await new HostileServer().start()
  })
  afterAll(() => server.stop())

  test('the published package, in Node, against a server', async () => {
    server.api = (request, response) => {
      if (request.path !== '/employees') {
        response.setHeader('www-authenticate', 'Bearer error="insufficient_scope", scope="timeoff:read"')
        return json(response, 403, {})
      }
      const next = request.query.has('cursor') ? null : 'two'
      return json(response, 200, { data: [{ id: next ?? 'last' }], nextCursor: next })
    }
    await workspace.write(
      'program.mjs',
      `import { InsufficientScopeError, People } from '@sallyport/people'
import { listEmployees } from '@sallyport/people/employees'
const { ORIGIN: origin, ID: clientId, SECRET: clientSecret } = process.env
const people = new People({ clientId, clientSecret, issuer: origin, baseUrl: origin, scopes: ['employees:read'] })
const ids = []
for await (const employee of people.employees.list()) ids.push(employee.id)
const error = await people.timeOff.list().catch((error) => error)
const { data } = await listEmployees(people)
console.log(JSON.stringify({ ids, data, scope: error instanceof InsufficientScopeError, missing: error.missing }))
console.log(people)`,
    )
    const { id, secret } = server.client
    const [result = '', printed] = (
      await workspace.run('program.mjs', { ORIGIN: server.origin, ID: id, SECRET: secret })
    ).split('\n')
    expect(JSON.parse(result)).toEqual({
      ids: ['two', 'last'],
      data: [{ id: 'two' }],
      scope: true,
      missing: ['timeoff:read'],
    })
    expect(printed).not.toContain(secret)
    expect(server.tokenRequests).toHaveLength(1)
  })
})

describe('a hostile document', () => {
  const evil = `*/ globalThis.pwned = 1 /* \${globalThis.pwned = 1} \`; globalThis.pwned = 1 // ' " \\ \u2028 <script> @ts-ignore`
  const document = {
    openapi: '3.1.0',
    info: { title: evil, version: `1.0.0 ${evil}`, description: evil },
    servers: [{ url: `https://x.example/${encodeURIComponent(evil)}` }],
    components: {
      securitySchemes: {
        [evil]: { type: 'apiKey', in: 'header', name: 'X' },
        oauth: {
          type: 'oauth2',
          description: evil,
          flows: {
            clientCredentials: {
              tokenUrl: 'https://x.example/token',
              scopes: { "a'b": evil, [evil.replaceAll(' ', '')]: evil },
            },
          },
        },
      },
      schemas: {
        constructor: {
          type: 'object',
          description: `\n@deprecated\n@ts-expect-error ${evil}`,
          title: '@ts-expect-error',
          properties: {
            [evil]: { type: 'string', format: evil, enum: [evil], description: evil },
            __proto__x: { $ref: '#/components/schemas/constructor' },
            gated: { type: 'string', 'x-required-scopes': ["a'b"] },
          },
        },
      },
    },
    paths: {
      '/x/{constructor}/{__proto__}/{client}': {
        get: {
          operationId: evil,
          summary: evil,
          description: `${evil}\n * @deprecated`,
          security: [{ oauth: ["a'b", evil.replaceAll(' ', '')] }, { [evil]: [] }],
          parameters: [
            { name: 'constructor', in: 'path', required: true, description: evil, schema: { type: 'string' } },
            { name: evil, in: 'query', description: evil, schema: { type: 'string', default: evil } },
          ],
          responses: {
            200: {
              description: evil,
              content: {
                [`application/json; x="${evil.replace('\u2028', '')}"`]: {
                  schema: { $ref: '#/components/schemas/constructor' },
                },
              },
            },
          },
        },
        post: { operationId: 'class', responses: { 204: { description: evil } } },
        delete: { operationId: 'Promise', responses: { 204: { description: '' } } },
      },
      '/promise': { get: { operationId: '$call', responses: { default: { description: '' } } } },
      '/then/toString': {
        get: { operationId: 'page', responses: { 200: { description: '', content: { 'text/plain': {} } } } },
      },
      '/client': { get: { 'x-sdk-method': "a'; evil()", responses: {} } },
      '/runtime/index': { get: { responses: {} } },
    },
  }

  test('can not inject code, and still compiles', async () => {
    const model = await modelFrom(document)
    const options = { model, packageName: '@sallyport/things', connection, scopes: ["a'b"] }
    const sources = sdkSources(options)
    expect(workspace.check(await workspace.writeAll('sources/hostile', sources))).toEqual([])
    const { files } = await buildSdk(options)
    await workspace.writeAll('node_modules/@sallyport/things', files)
    const imports = [
      '@sallyport/things',
      ...Object.keys(JSON.parse(files.get('package.json') ?? '').exports)
        .filter((name) => name !== '.' && name !== './package.json')
        .map((name) => `@sallyport/things${name.slice(1)}`),
    ]
    await workspace.write(
      'hostile.mjs',
      `for (const name of ${JSON.stringify(imports)}) await import(name)
const { default: Things } = await import('@sallyport/things')
new Things({ token: 'x' })
console.log(String(globalThis.pwned))`,
    )
    expect(await workspace.run('hostile.mjs')).toBe('undefined\n')
  })
})
