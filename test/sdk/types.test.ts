import { describe, expect, test } from 'vitest'
import { sdkSources } from '../../src/sdk/package/build.ts'
import type { SdkOptions } from '../../src/sdk/package/version.ts'
import { modelOf } from '../fixture.ts'

type Schemas = Readonly<Record<string, unknown>>

/** What the types of these schemas are, where `Thing` is both sent and received. Without comments and layout. */
async function typesOf(schemas: Schemas, types: SdkOptions['types'] = {}): Promise<string> {
  return flat((await sourcesOf(schemas, types)).get('schema.ts') ?? '').replace(
    /^.*schemas: \{(.*)\} responses.*$/,
    '$1',
  )
}

async function sourcesOf(schemas: Schemas, types: SdkOptions['types'] = {}): Promise<ReadonlyMap<string, string>> {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } }
  const model = await modelOf({
    components: { schemas },
    paths: {
      '/things': {
        post: { requestBody: { required: true, content }, responses: { 200: { description: '', content } } },
      },
    },
  })
  return sdkSources({ model, packageName: 'x', connection: {}, types })
}

function flat(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\s+/g, ' ')
}

const object = (properties: object, more: object = {}): object => ({ type: 'object', properties, ...more })

describe('schema → type', () => {
  test.each<[string, Schemas, string]>([
    [
      'optional and nullable are two things',
      {
        Thing: object(
          { a: { type: 'string' }, b: { type: ['string', 'null'] }, c: { type: 'string' } },
          { required: ['c'] },
        ),
      },
      'Thing: { a?: string; b?: string | null; c: string; };',
    ],
    [
      'read-only members are not sent, write-only ones not received, and neither is required there',
      {
        Thing: object(
          {
            id: { type: 'string', readOnly: true },
            secret: { type: 'string', writeOnly: true },
            name: { type: 'string' },
          },
          { required: ['id', 'secret', 'name'] },
        ),
      },
      'Thing: { readonly id: string; name: string; }; ThingInput: { secret: string; name: string; };',
    ],
    [
      'what leads to such members differs, too; what does not keeps its name',
      {
        Thing: object({ item: { $ref: '#/components/schemas/Item' }, plain: { $ref: '#/components/schemas/Plain' } }),
        Item: object({ id: { type: 'string', readOnly: true } }),
        Plain: object({ n: { type: 'integer' } }),
      },
      'Thing: { item?: components["schemas"]["Item"]; plain?: components["schemas"]["Plain"]; }; ' +
        'ThingInput: { item?: components["schemas"]["ItemInput"]; plain?: components["schemas"]["Plain"]; };',
    ],
    [
      'bytes are a Blob, and more than a Blob can be sent',
      { Thing: object({ file: { type: 'string', format: 'binary' } }) },
      'Thing: { file?: Blob; }; ThingInput: { file?: $Upload; };',
    ],
    [
      'a union of schemas is a union of types',
      { Thing: { oneOf: [object({ a: { const: 1 } }), object({ b: { type: 'string' } })] } },
      'Thing: { a?: 1; } | { b?: string; };',
    ],
    ['an enum is closed', { Thing: object({ a: { enum: ['x', 'y'] } }) }, 'Thing: { a?: "x" | "y"; };'],
    ['dates are text', { Thing: object({ at: { type: 'string', format: 'date-time' } }) }, 'Thing: { at?: string; };'],
  ])('%s', async (_, schemas, want) => {
    expect(await typesOf(schemas)).toContain(want)
  })

  test('an open enum admits values that the document does not know; one value alone still tells unions apart', async () => {
    const schemas = {
      Thing: object({ a: { type: ['string', 'null'], enum: ['x', 'y', null] }, kind: { type: 'string', enum: ['k'] } }),
    }
    expect(await typesOf(schemas, { enums: 'open' })).toContain('a?: ("x" | "y" | (string & {})) | null; kind?: "k";')
  })
})
