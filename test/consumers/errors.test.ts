import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildSdk } from '../../src/sdk/package/build.ts'
import { sdkSources } from '../../src/sdk/package/sources.ts'
import { HostileServer } from '../sdk/runtime/hostile-server.ts'
import { modelFrom } from './models.ts'
import { CONSUMER, SAME, Workspace } from './workspace.ts'

const problem = (properties: object): object => ({
  type: 'object',
  properties: { type: { type: 'string' }, title: { type: ['string', 'null'] }, ...properties },
})
const answer = (schema: object, type = 'application/problem+json', more: object = {}): object => ({
  description: '',
  content: { [type]: { schema, ...more } },
})
const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` })

const SHOP = {
  openapi: '3.1.0',
  info: { title: 'Shop', version: '1' },
  components: {
    schemas: {
      OutOfStock: {
        description: 'There are not as many as were ordered.',
        allOf: [
          problem({ type: { const: 'https://shop.example/problems/out-of-stock' } }),
          { type: 'object', required: ['available'], properties: { available: { type: 'integer' } } },
        ],
      },
      Refusal: problem({ type: { enum: ['urn:shop:badRequest', 'urn:shop:too-late', 'about:blank'] } }),
      Missing: { type: 'object', required: ['gone'], properties: { gone: { type: 'string', format: 'date-time' } } },
    },
  },
  paths: {
    '/orders': {
      post: {
        operationId: 'createOrder',
        responses: {
          201: { description: '' },
          404: answer(ref('Missing'), 'application/json'),
          409: answer({ oneOf: [ref('OutOfStock'), ref('Refusal')] }),
          418: { description: 'Without a body' },
          '4XX': answer(
            { type: 'object', required: ['range'], properties: { range: { const: 4 } } },
            'application/json',
          ),
          default: answer(problem({}), 'application/problem+json', {
            example: { type: '/problems/closed-error', title: 'Closed' },
          }),
        },
      },
    },
    '/stock': { get: { operationId: 'getStock', responses: { 200: answer({ type: 'object' }, 'application/json') } } },
  },
}

let workspace: Workspace
let server: HostileServer

beforeAll(async () => {
  workspace = await Workspace.create()
  server = await new HostileServer().start()
  const model = await modelFrom(SHOP, 'shop')
  const types = { dates: 'Date' } as const
  const { files } = await buildSdk({ model, packageName: '@acme/shop', connection: {}, types })
  await workspace.writeAll('node_modules/@acme/shop', files)
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
        `${SAME}
declare const error: unknown
${program}\nexport { error, same, type Same }`,
      ),
    ],
    CONSUMER,
  )

test('compiles under the strictest flags', async () => {
  const sources = sdkSources({ model: await modelFrom(SHOP, 'shop'), packageName: 'x', connection: {} })
  expect(workspace.check(await workspace.writeAll('sources/shop', sources))).toEqual([])
})

describe('in types', () => {
  test('an error’s body is what the document declares for the operation and the status', async () => {
    expect(
      await check(`import { isErrorOf } from '@acme/shop'
if (isErrorOf(error, 'createOrder', 404)) same<Same<typeof error.body, { gone: Date }>>()
if (isErrorOf(error, 'createOrder', 404)) same<Same<typeof error.status, 404>>()
if (isErrorOf(error, 'createOrder', 422)) same<Same<typeof error.body, { range: 4 }>>()
if (isErrorOf(error, 'createOrder', 418)) same<Same<typeof error.body, unknown>>()
if (isErrorOf(error, 'createOrder', 500)) same<Same<typeof error.body.title, string | null | undefined>>()
if (isErrorOf(error, 'getStock', 404)) same<Same<typeof error.body, unknown>>()`),
    ).toEqual([])
    const program = "import { isErrorOf } from '@acme/shop'\nisErrorOf(error, 'createOrders', 404)"
    expect(await check(program)).toEqual([expect.stringContaining(`'"createOrders"' is not assignable`)])
  })

  test('a problem type is a class, told by instanceof', async () => {
    expect(
      await check(`import { BadRequestProblem, ClosedProblem, OutOfStockProblem, TooLateProblem } from '@acme/shop/errors'
if (error instanceof OutOfStockProblem) {
  same<Same<typeof error.problem.available, number>>()
  same<Same<typeof error.problem.type, 'https://shop.example/problems/out-of-stock'>>()
  same<Same<typeof error.status, number>>()
} else if (error instanceof TooLateProblem || error instanceof BadRequestProblem)
  same<Same<typeof error.problem.type, 'urn:shop:badRequest' | 'urn:shop:too-late'>>()
else if (error instanceof ClosedProblem) same<Same<typeof error.body.type, '/problems/closed-error'>>()`),
    ).toEqual([])
  })
})

test('at run time: by operation and status, by problem type, and still by the class of the status', async () => {
  server.api = (request, response) => {
    const [status, body] = JSON.parse(request.headers['x-answer'] as string)
    response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body))
  }
  await workspace.write(
    'program.mjs',
    `import * as shop from '@acme/shop'
const client = new shop.Shop({ baseUrl: process.env.ORIGIN, maxRetries: 0 })
const look = (status, body) =>
  client.orders.create({ headers: { 'x-answer': JSON.stringify([status, body]) } }).catch((error) => [
    error.name,
    ...Object.keys(shop).filter((name) => name.endsWith('Problem') && error instanceof shop[name]),
    ...[404, 409].filter((each) => shop.isErrorOf(error, 'createOrder', each)),
    ...(shop.isErrorOf(error, 'getStock', status) ? ['mistaken'] : []),
    error.body.gone instanceof Date,
  ])
console.log(JSON.stringify([
  await look(404, { gone: '2027-01-02T03:04:05Z' }),
  await look(409, { type: 'https://shop.example/problems/out-of-stock', available: 2 }),
  await look(400, { type: 'urn:shop:badRequest' }),
  await look(503, { type: '/problems/closed-error' }),
  await look(409, { type: 'about:blank' }),
  [new Error('x') instanceof shop.OutOfStockProblem, null instanceof shop.OutOfStockProblem],
]))`,
  )
  expect(JSON.parse(await workspace.run('program.mjs', { ORIGIN: server.origin }))).toEqual([
    ['NotFoundError', 404, true],
    ['ConflictError', 'OutOfStockProblem', 409, false],
    ['BadRequestError', 'BadRequestProblem', false],
    ['ServerError', 'ClosedProblem', false],
    ['ConflictError', 409, false],
    [false, false],
  ])
})
