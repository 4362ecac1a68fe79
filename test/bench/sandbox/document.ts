/** A document of this many operations, five for each resource, with scopes, a gated field and examples. */
export function documentOf(operations: number): object {
  const indexes = Array.from({ length: operations / 5 }, (_, index) => index)
  return {
    openapi: '3.1.0',
    info: { title: `Bench ${operations}`, version: '1.0.0' },
    security: [{ oauth: ['read'] }],
    paths: Object.assign({ '/health': health }, ...indexes.map(resource)),
    components: {
      schemas: { Item: item },
      securitySchemes: {
        oauth: {
          type: 'oauth2',
          flows: {
            clientCredentials: { tokenUrl: 'https://login.example/token', scopes: { read: '', write: '', pay: '' } },
          },
        },
      },
    },
  }
}

/** The resource that is found last. */
export function lastPath(operations: number): string {
  return `/resources${operations / 5 - 1}`
}

export const EXAMPLE = {
  id: 'item_1a2b3c',
  name: 'Noor Vermeulen',
  email: 'noor@northwind.example',
  tags: ['one', 'two'],
  amount: 12.5,
  address: { street: 'Keizersgracht 1', city: 'Amsterdam', country: 'NL' },
  pay: 100,
}

/** Allowed without `pay`, which the bench's token doesn't hold. */
export const SENT = { ...EXAMPLE, id: undefined, pay: undefined }

const item = {
  type: 'object',
  required: ['id', 'name', 'email'],
  properties: {
    id: { type: 'string', pattern: '^item_[a-z0-9]{6}$', readOnly: true },
    name: { type: 'string', minLength: 1, maxLength: 100 },
    email: { type: 'string', format: 'email' },
    tags: { type: 'array', items: { type: 'string' }, maxItems: 10 },
    amount: { type: 'number', minimum: 0 },
    address: {
      type: 'object',
      required: ['city'],
      properties: {
        street: { type: 'string' },
        city: { type: 'string' },
        country: { type: 'string', enum: ['NL', 'DE', 'FR'] },
      },
    },
    pay: { type: 'number', 'x-required-scopes': ['pay'] },
  },
}

const content = { 'application/json': { schema: { $ref: '#/components/schemas/Item' }, example: EXAMPLE } }
const one = { 200: { description: 'It', content } }
const body = { required: true, content }
const write = [{ oauth: ['write'] }]
const health = { get: { operationId: 'health', security: [], responses: { 200: { description: 'Up' } } } }

function resource(index: number): object {
  const path = `/resources${index}`
  const list = {
    200: {
      description: 'Them',
      content: {
        'application/json': {
          schema: { type: 'array', items: { $ref: '#/components/schemas/Item' } },
          example: [EXAMPLE],
        },
      },
    },
  }
  return {
    [path]: {
      get: { operationId: `list${index}`, responses: list },
      post: {
        operationId: `create${index}`,
        security: write,
        requestBody: body,
        responses: { 201: { description: 'Made', content } },
      },
    },
    [`${path}/{id}`]: {
      parameters: [{ in: 'path', name: 'id', required: true, schema: { type: 'string' } }],
      get: { operationId: `get${index}`, responses: one },
      put: { operationId: `put${index}`, security: write, requestBody: body, responses: one },
      delete: { operationId: `delete${index}`, security: write, responses: { 204: { description: 'Gone' } } },
    },
  }
}
