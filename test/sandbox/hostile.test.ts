import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Schema } from '../../src/model/schema.ts'
import { Sampler } from '../../src/sandbox/sample.ts'
import { Validator } from '../../src/sandbox/validator.ts'
import { demo, modelOf, sandboxOf, send } from './sandbox.ts'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const answering = (schema: object, schemas: Record<string, object> = {}, extra: object = {}) =>
  modelOf({
    components: { schemas },
    paths: {
      '/x': { get: { responses: { 200: { description: '', content: { 'application/json': { schema, ...extra } } } } } },
    },
  })

describe('samples', () => {
  const cases: Record<string, readonly [schema: Schema, schemas?: Record<string, Schema>]> = {
    recursion: [
      ref('Node'),
      { Node: { type: 'object', properties: { next: ref('Node'), all: { type: 'array', items: ref('Node') } } } },
    ],
    'recursion in two': [
      ref('A'),
      {
        A: { type: 'object', required: ['b'], properties: { b: ref('B') } },
        B: { type: 'object', properties: { a: ref('A') } },
      },
    ],
    'recursion through alternatives': [
      ref('T'),
      { T: { oneOf: [{ type: 'array', items: ref('T') }, { type: 'string' }] } },
    ],
    'allOf with required of each': [
      { allOf: [ref('Base'), { required: ['b'], properties: { b: { type: 'integer', minimum: 5 } } }] },
      { Base: { type: 'object', required: ['a'], properties: { a: { type: 'string', format: 'uuid' } } } },
    ],
    'a discriminator': [
      { oneOf: [ref('Cat'), ref('Dog')], discriminator: { propertyName: 'kind' } },
      {
        Cat: {
          type: 'object',
          required: ['kind', 'm'],
          properties: { kind: { type: 'string' }, m: { type: 'boolean' } },
        },
        Dog: { type: 'object', required: ['d'] },
      },
    ],
    formats: [
      {
        type: 'object',
        required: ['a', 'b', 'c'],
        properties: {
          a: { type: 'string', format: 'email' },
          b: { type: 'string', format: 'date' },
          c: { type: 'string', format: 'iban' },
        },
      },
    ],
    'a wide and deep tree': [
      ref('W'),
      {
        W: {
          type: 'object',
          properties: Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`p${n}`, ref('W')])),
        },
      },
    ],
    'a map': [{ type: 'object', minProperties: 2, additionalProperties: { type: 'integer' } }],
  }
  it.each(Object.entries(cases))('fit: %s', (_, [schema, schemas = {}]) => {
    const validator = new Validator(schemas, 'response')
    const start = performance.now()
    const value = new Sampler(schemas, validator, 7).sample(schema)
    expect(performance.now() - start).toBeLessThan(2_000)
    expect(value).toBeDefined()
    expect(validator.check(value, schema)).toEqual([])
    expect(new Sampler(schemas, validator, 7).sample(schema)).toEqual(value)
  })

  it.each<readonly [string, Schema]>([
    ['longer than short', { type: 'string', minLength: 5, maxLength: 2 }],
    ['a number between none', { type: 'integer', minimum: 5, maximum: 4 }],
    ['never', { not: {} }],
    ['a billion elements', { type: 'array', minItems: 1_000_000_000, items: { type: 'string' } }],
    ['a billion characters', { type: 'string', minLength: 1_000_000_000 }],
    ['a pattern of a million', { type: 'string', pattern: '^(a{1000000}){1000}$' }],
    ['an unknown type', { type: 'frob' }],
    ['itself, required', { type: 'object', required: ['x'], properties: { x: { $ref: '#/components/schemas/Loop' } } }],
  ])('are given up in time: %s', (_, schema) => {
    const schemas = { Loop: { type: 'object', required: ['x'], properties: { x: ref('Loop') } } }
    const start = performance.now()
    expect(new Sampler(schemas, new Validator(schemas, 'response'), 1).sample(schema)).toBeUndefined()
    expect(performance.now() - start).toBeLessThan(2_000)
  })
})

describe('documents', () => {
  it('that allow no answer get a 500 that says so', async () => {
    const { status, body } = await send(sandboxOf(answering({ type: 'string', minLength: 5, maxLength: 2 })), '/x')
    expect([status, body.errors[0]?.in]).toEqual([500, 'response'])
  })

  it('with a wrong example answer rightly, and their owner hears of it', async () => {
    const findings: unknown[] = []
    const model = answering({ type: 'integer' }, {}, { examples: { bad: { value: 'x' } } })
    const { status, body } = await send(sandboxOf(model, { report: (finding) => findings.push(finding) }), '/x')
    expect(status).toBe(200)
    expect(body).toEqual(expect.any(Number))
    expect(findings).toEqual([{ where: 'example bad of getX', detail: 'is of type string, not integer' }])
  })

  it('can not break out of a header', async () => {
    const types = ['text/html\r\nset-cookie: a=b', 'text/html', '*/*', 'image/*']
    const paths = Object.fromEntries(
      types.map((type, index) => [
        `/${index}`,
        {
          get: {
            responses: {
              200: {
                description: '',
                content: { [type]: { example: '<script>alert(1)</script>' } },
                headers: {
                  'X-A\r\nB': { required: true, schema: { const: 'x\r\ny' } },
                  'X-C': { required: true, schema: { const: 'x\r\ny' } },
                },
              },
            },
          },
        },
      ]),
    )
    const sandbox = sandboxOf(modelOf({ paths }))
    for (const [index] of types.entries()) {
      const { status, headers } = await send(sandbox, `/${index}`)
      expect(status).toBe(200)
      expect(headers.get('set-cookie')).toBeNull()
      expect(headers.get('x-c')).toBe('x  y')
      expect(headers.get('content-security-policy')).toContain('sandbox')
    }
  })
})

describe('requests', () => {
  it('of any kind get a correct HTTP answer, and never an exception', async () => {
    const { model, data } = await demo('publishing')
    const failures: unknown[] = []
    const sandbox = sandboxOf(model, { data, observe: ({ error }) => error !== undefined && failures.push(error) })
    const token = `app~${model.scopes.map(({ name }) => name).join('+')}`
    const segment = fc.oneof(
      fc.constantFrom(
        'articles',
        'media',
        'comments',
        'art_9f2c6w0ht4mz',
        'publish',
        '..',
        '%2e%2e',
        '%00',
        '__proto__',
        'constructor',
        '',
      ),
      fc
        .string()
        .map(encodeURIComponent)
        .filter((text) => text !== '.'),
    )
    const json = fc.oneof(
      fc.json(),
      fc.constantFrom('{"__proto__":{"a":1}}', '{"constructor":{"prototype":1}}', '[]', 'null', '{"\\ud800":1}'),
    )
    const attempt = fc.record({
      path: fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`),
      query: fc.oneof(
        fc.constant(''),
        fc.webQueryParameters(),
        fc.constantFrom('page=-1', 'page=1e9&perPage=0', 'perPage=NaN', 'tag=__proto__', '%', '&&=&'),
      ),
      method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
      body: json,
      type: fc.constantFrom(
        'application/json',
        'application/merge-patch+json',
        'multipart/form-data; boundary=x',
        'multipart/form-data',
        'text/plain',
        'application/x-www-form-urlencoded',
      ),
      accept: fc.constantFrom('*/*', 'application/json', 'a;q=x', ',,,', 'text/event-stream'),
    })
    await fc.assert(
      fc.asyncProperty(attempt, async ({ path, query, method, body, type, accept }) => {
        const bodiless = method === 'GET' || method === 'HEAD'
        const { status } = await send(sandbox, `${path}?${query}`, {
          method,
          token,
          headers: { 'content-type': type, accept, 'if-match': '"1"' },
          ...(bodiless ? {} : { body }),
        })
        expect(status).toBeLessThan(500)
      }),
      { numRuns: 1_500 },
    )
    expect(failures).toEqual([])
    expect(({} as Record<string, unknown>).a).toBeUndefined()
  })
})

describe('a pattern that backtracks for ever', () => {
  it.each([
    ['^(a+)+$', 'a'.repeat(100_000)],
    ['(a|a)*b', 'a'.repeat(100_000)],
    ['^(\\w+\\s?)*$', 'word '.repeat(20_000)],
    ['a*a*a*a*b', 'a'.repeat(100_000)],
    ['(?=a)(a+)+$', 'a'.repeat(1_000)],
  ])('stalls nothing: %s', async (pattern, text) => {
    const body = {
      type: 'object',
      properties: { text: { type: 'string', pattern } },
      patternProperties: { [pattern]: {} },
    }
    const hostile = modelOf({
      paths: {
        '/x': {
          post: {
            operationId: 'x',
            requestBody: { content: { 'application/json': { schema: body } } },
            responses: { 204: { description: '' } },
          },
        },
      },
    })
    const before = process.cpuUsage()
    await send(sandboxOf(hostile), '/x', { method: 'POST', body: { text: `${text}!`, [`${text}!`]: 1 } })
    const { user } = process.cpuUsage(before)
    // A second of work at most, where backtracking would take years.
    expect(user).toBeLessThan(5_000_000)
  })
})
