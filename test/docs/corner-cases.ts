/** Documents with an operation for each corner of schemas that readers, samplers and validators get wrong. */

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

function documentOf(openapi: string, cases: Readonly<Record<string, unknown>>, schemas: object) {
  const operation = (schema: unknown) => ({
    operationId: '',
    responses: { 200: { description: '', content: { 'application/json': { schema } } } },
  })
  return {
    openapi,
    info: { title: 'Corner cases', version: '1' },
    paths: Object.fromEntries(
      Object.entries(cases).map(([id, schema]) => [`/${id}`, { get: { ...operation(schema), operationId: id } }]),
    ),
    components: { schemas },
  }
}

export const CORNERS_3_1 = documentOf(
  '3.1.0',
  {
    tuple: { type: 'array', prefixItems: [{ const: 'point' }, { type: 'number' }], items: false, minItems: 2 },
    openTuple: { type: 'array', prefixItems: [{ type: 'string' }], items: { type: 'integer' }, minItems: 3 },
    not: { type: 'string', minLength: 1, not: { enum: ['admin', 'root'] } },
    notWith: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } }, not: { required: ['b'] } },
    condition: {
      type: 'object',
      required: ['country'],
      properties: { country: { enum: ['US', 'NL'] }, zip: { type: 'string' }, postcode: { type: 'string' } },
      if: { properties: { country: { const: 'US' } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      then: { required: ['zip'] },
      else: { required: ['postcode'] },
    },
    patterns: { type: 'object', patternProperties: { '^x-[a-z]+$': { type: 'integer' } }, additionalProperties: false },
    map: { type: 'object', additionalProperties: ref('Money'), minProperties: 1 },
    namedAndMap: {
      type: 'object',
      required: ['id'],
      properties: { id: { type: 'string' } },
      additionalProperties: { type: 'boolean' },
    },
    propertyNames: {
      type: 'object',
      propertyNames: { pattern: '^[a-z]{2}$' },
      additionalProperties: { type: 'string' },
    },
    constObject: { const: { version: 1, tags: ['a'] } },
    constNull: { type: 'object', required: ['gone'], properties: { gone: { const: null } } },
    contains: { type: 'array', items: { type: 'integer' }, contains: { const: 7 } },
    dependent: { type: 'object', properties: { card: { type: 'string' } }, dependentRequired: { card: ['cvc'] } },
    unevaluated: {
      allOf: [ref('Money'), { type: 'object', properties: { tax: { type: 'number' } } }],
      unevaluatedProperties: false,
    },
    types: { type: ['integer', 'null', 'string'] },
    dynamic: {
      $id: 'https://example.com/moneys',
      $defs: { item: { $dynamicAnchor: 'item', ...ref('Money') } },
      ...ref('Page'),
    },
    dynamicTree: ref('SizedTree'),
  },
  {
    Money: {
      type: 'object',
      required: ['amount', 'currency'],
      properties: { amount: { type: 'string', pattern: '^\\d+\\.\\d{2}$' }, currency: { enum: ['EUR', 'USD'] } },
    },
    Page: {
      $id: 'https://example.com/page',
      $defs: { item: { $dynamicAnchor: 'item', not: {} } },
      type: 'object',
      required: ['items'],
      properties: { items: { type: 'array', minItems: 1, items: { $dynamicRef: '#item' } } },
    },
    Tree: {
      $dynamicAnchor: 'node',
      type: 'object',
      properties: { children: { type: 'array', items: { $dynamicRef: '#node' } } },
    },
    SizedTree: {
      $dynamicAnchor: 'node',
      ...ref('Tree'),
      required: ['size'],
      properties: { size: { type: 'integer', minimum: 1 } },
    },
  },
)

export const CORNERS_3_0 = documentOf(
  '3.0.3',
  {
    nullable: {
      type: 'object',
      required: ['at'],
      properties: { at: { type: 'string', format: 'date', nullable: true } },
    },
    nullableEnum: { type: 'string', nullable: true, enum: ['a', null] },
    above: { type: 'number', minimum: 3, exclusiveMinimum: true, maximum: 4 },
    not: { type: 'integer', minimum: 1, maximum: 2, not: { enum: [1] } },
    map: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } }, minProperties: 1 },
    referenceBeside: { allOf: [ref('Pet')], nullable: true },
    discriminator: {
      oneOf: [ref('Cat'), ref('Dog')],
      discriminator: { propertyName: 'kind', mapping: { feline: '#/components/schemas/Cat' } },
    },
    any: { type: 'object', properties: { whatever: {} } },
  },
  {
    Pet: {
      type: 'object',
      required: ['kind'],
      properties: { kind: { type: 'string' }, friends: { type: 'array', items: ref('Pet') } },
    },
    Cat: { allOf: [ref('Pet'), { type: 'object', required: ['lives'], properties: { lives: { type: 'integer' } } }] },
    Dog: { allOf: [ref('Pet'), { type: 'object', required: ['barks'], properties: { barks: { type: 'boolean' } } }] },
  },
)
