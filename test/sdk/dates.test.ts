import { expect, test } from 'vitest'
import { revive, type Shape } from '../../sdk-templates/typescript/runtime/dates.ts'
import { sdkSources } from '../../src/sdk/package/sources.ts'
import { modelOf } from '../fixture.ts'

const dateTime = { type: 'string', format: 'date-time' }
const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` })
const object = (properties: object): object => ({ type: 'object', properties })

interface Operation {
  readonly dates?: { readonly shape?: Shape; readonly failures?: Shape }
}

/** The sources of an SDK with dates whose one operation answers so. */
async function sourcesOf(responses: object, schemas: object = {}): Promise<ReadonlyMap<string, string>> {
  const model = await modelOf({ components: { schemas }, paths: { '/things': { get: { responses } } } })
  return sdkSources({ model, packageName: 'x', connection: {}, types: { dates: 'Date' } })
}

/** The operation's descriptor, run. */
async function datesOf(responses: object, schemas: object = {}): Promise<Operation['dates']> {
  const sources = await sourcesOf(responses, schemas)
  const plain = (path: string): string =>
    (sources.get(path) ?? '')
      .replace(/^import.*\n/gm, '')
      .replace(/: \$Shape/g, '')
      .replace(/^export /gm, '')
  const names = [...plain('dates.ts').matchAll(/^const (\w+)/gm)].map((match) => match[1])
  const [, literal = ''] = /Operation = (\{.*\}) as const/.exec(sources.get('operations/things.ts') ?? '') ?? []
  const run = new Function(
    '$revive',
    `${plain('dates.ts')}; const $dates = { ${names.join(', ')} }; return (${literal.replace(/\$read\w+/g, '0')})`,
  )
  return run(revive).dates
}

const answer = (schema: object, type = 'application/json'): object => ({
  description: '',
  content: { [type]: { schema } },
})

async function revived(schema: object, value: unknown, schemas: object = {}): Promise<unknown> {
  return revive(value, (await datesOf({ 200: answer(schema) }, schemas))?.shape ?? {})
}

const at = '2027-01-02T03:04:05Z'
const date = new Date(at)

test('are Dates in types, and text unless that is asked for', async () => {
  const schemas = {
    Thing: object({
      at: dateTime,
      day: { type: 'string', format: 'date' },
      gone: { ...dateTime, type: ['string', 'null'] },
    }),
  }
  const source = (await sourcesOf({ 200: answer(ref('Thing')) }, schemas)).get('schema.ts') ?? ''
  const flat = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\s+/g, ' ')
  expect(flat).toContain('Thing: { at?: Date day?: string gone?: Date | null')
})

test('are Dates in what arrives: in lists, maps and tuples, at any depth; what is no date stays', async () => {
  const schemas = {
    Thing: object({
      at: dateTime,
      day: { type: 'string', format: 'date' },
      gone: { ...dateTime, type: ['string', 'null'] },
      parts: { type: 'array', items: ref('Thing') },
      byName: { type: 'object', additionalProperties: { anyOf: [{ type: 'integer' }, dateTime] } },
      byPattern: { type: 'object', patternProperties: { '^x': dateTime } },
      pair: { type: 'array', prefixItems: [{ type: 'string' }, dateTime], items: ref('Moment') },
    }),
    Moment: dateTime,
  }
  const value = {
    ...{ at, day: '2027-01-02', gone: null, parts: [{ at }], other: at },
    ...{ byName: { a: at, b: 1, c: 'soon', d: '7' }, byPattern: { x: at }, pair: [at, at, at] },
  }
  expect(await revived(ref('Thing'), value, schemas)).toEqual({
    ...value,
    ...{ at: date, parts: [{ at: date }], byName: { ...value.byName, a: date } },
    ...{ byPattern: { x: date }, pair: [at, date, date] },
  })
})

test('in unions, of the member that it is: by a constant, or by the discriminator', async () => {
  const schemas = {
    Note: { allOf: [object({ kind: { const: 'note' } }), object({ at: { type: 'string' } })] },
    Visit: object({ kind: { enum: ['visit', 'call'] }, at: dateTime }),
    Cat: object({ born: dateTime }),
    Dog: object({ born: { type: 'string' } }),
    Pet: {
      oneOf: [ref('Cat'), ref('Dog')],
      discriminator: {
        propertyName: 'is',
        mapping: { cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog' },
      },
    },
  }
  const events = { type: 'array', items: { oneOf: [ref('Note'), ref('Visit')] } }
  const given = [
    { kind: 'note', at },
    { kind: 'visit', at },
    { kind: 'call', at },
  ]
  expect(await revived(events, given, schemas)).toEqual([
    { kind: 'note', at },
    { kind: 'visit', at: date },
    { kind: 'call', at: date },
  ])
  const pets = { type: 'array', items: ref('Pet') }
  expect(
    await revived(
      pets,
      [
        { is: 'cat', born: at },
        { is: 'dog', born: at },
      ],
      schemas,
    ),
  ).toEqual([
    { is: 'cat', born: date },
    { is: 'dog', born: at },
  ])
})

test('a schema that names itself as what it is ends', async () => {
  const schemas = { Loop: { anyOf: [ref('Loop'), dateTime, object({ next: ref('Loop') })] } }
  expect(await revived(ref('Loop'), { next: at }, schemas)).toEqual({ next: date })
})

test.each([
  ['application/jsonl', object({ at: dateTime }), { at }, { at: date }],
  ['text/event-stream', object({ at: dateTime }), { at }, { at: date }],
  ['text/event-stream', dateTime, at, date],
])('in each item of a stream of %s', async (type, schema, item, want) => {
  expect(revive(item, (await datesOf({ 200: answer(schema, type) }))?.shape ?? {})).toEqual(want)
})

test('in the bodies of refusals, and of other media types', async () => {
  const dates = await datesOf({
    200: { description: '', content: { 'text/csv': {}, 'application/json': { schema: object({ at: dateTime }) } } },
    404: answer(object({ gone: dateTime }), 'application/problem+json'),
  })
  expect(revive({ gone: at, at }, dates?.failures ?? {})).toEqual({ gone: date, at })
  expect(revive({ gone: at, at }, dates?.shape ?? {})).toEqual({ gone: at, at: date })
})
