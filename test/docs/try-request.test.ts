import { describe, expect, test } from 'vitest'
import type { Control } from '../../src/docs/control.ts'
import type { TryBody, TryForm, TryParameter } from '../../src/docs/try-it.ts'
import { firstDraft, Malformed, type TryDraft, tryRequest } from '../../src/docs/try-request.ts'

const TEXT: Control = { kind: 'text', input: 'text' }
const parameter = (name: string, place: TryParameter['in'], more: Partial<TryParameter> = {}): TryParameter => ({
  name,
  in: place,
  required: false,
  style: place === 'query' ? 'form' : 'simple',
  explode: place === 'query',
  allowReserved: false,
  control: TEXT,
  ...more,
})
const body = (more: Partial<TryBody> = {}): TryBody => ({
  type: 'application/json',
  kind: 'json',
  control: { kind: 'json' },
  value: {},
  parts: {},
  encoding: {},
  ...more,
})
const form = (more: Partial<TryForm> = {}): TryForm => ({
  api: 'people',
  operation: 'x',
  method: 'POST',
  path: '/employees/{id}',
  parameters: [
    parameter('id', 'path', { required: true }),
    parameter('tag', 'query'),
    parameter('filter', 'query', { style: 'deepObject' }),
    parameter('X-Reason', 'header'),
  ],
  keys: [{ name: 'X-Key', in: 'header' }],
  bodies: [body()],
  bodyRequired: true,
  scopes: [],
  chosen: [],
  token: true,
  ...more,
})
const draft = (more: Partial<TryDraft> = {}): TryDraft => ({
  parameters: { 'path id': 'a/b' },
  keys: {},
  media: 0,
  body: { a: 1 },
  ...more,
})

describe('tryRequest', () => {
  test('writes path, query, headers and keys, each in its style', () => {
    const filled = draft({
      parameters: {
        'path id': 'a/b',
        'query tag': ['x', 'y&z'],
        'query filter': { since: '2026-01-31' },
        'header X-Reason': 'why',
      },
      keys: { 'X-Key': 'k' },
    })
    expect(tryRequest(form(), filled)).toEqual({
      method: 'POST',
      path: '/employees/a%2Fb?tag=x&tag=y%26z&filter%5Bsince%5D=2026-01-31',
      headers: [
        ['X-Reason', 'why'],
        ['X-Key', 'k'],
        ['content-type', 'application/json'],
      ],
      body: '{"a":1}',
    })
  })

  test.each([
    ['a parameter is missing', draft({ parameters: {} }), 'Fill in id.'],
    ['the body is missing', draft({ body: undefined }), 'Fill in the body.'],
    ['the body is no JSON', draft({ body: new Malformed('{', 'This isn’t JSON: …') }), 'This isn’t JSON: …'],
    ['a member is no JSON', draft({ body: { a: [new Malformed('{', 'No.')] } }), 'No.'],
    ['a path parameter would leave its place', draft({ parameters: { 'path id': '..' } }), /may not be/],
    [
      'a header can’t carry it',
      draft({ parameters: { 'path id': '1', 'header X-Reason': 'a\nb' } }),
      'X-Reason has a character that no header can carry.',
    ],
  ])('says that %s', (_, filled, message) => {
    expect(tryRequest(form(), filled)).toEqual(typeof message === 'string' ? message : expect.stringMatching(message))
  })

  test('a form body is pairs; what has structure is JSON', () => {
    const bodies = [body({ type: 'application/x-www-form-urlencoded', kind: 'form' })]
    const request = tryRequest(form({ bodies }), draft({ body: { a: ['1', '2'], b: { c: true } } }))
    expect(request).toMatchObject({ body: new URLSearchParams('a=1&a=2&b=%7B%22c%22%3Atrue%7D') })
  })

  test('a member of a form is written in its own style', () => {
    const encoding = { b: { style: 'deepObject', explode: true, allowReserved: false } } as const
    const bodies = [body({ type: 'application/x-www-form-urlencoded', kind: 'form', encoding })]
    const request = tryRequest(form({ bodies }), draft({ body: { b: { c: { d: true } } } }))
    expect(request).toMatchObject({ body: new URLSearchParams({ 'b[c][d]': 'true' }) })
  })

  test('a multipart body keeps files, says the type of a part, and leaves its own type to the browser', async () => {
    const bodies = [body({ type: 'multipart/form-data', kind: 'form', parts: { meta: 'application/xml' } })]
    const file = new File(['abc'], 'a.txt', { type: 'text/plain' })
    const request = tryRequest(
      form({ bodies }),
      draft({ body: { files: [file, file], meta: '<a/>', tags: { a: 1 }, name: 'n' } }),
    )
    if (typeof request === 'string' || !(request.body instanceof FormData)) throw new Error('no form data')
    expect(request.headers).toEqual([])
    const [first, second] = request.body.getAll('files')
    expect([first, second].map((part) => (part instanceof File ? part.name : part))).toEqual(['a.txt', 'a.txt'])
    const meta = request.body.get('meta')
    expect(meta instanceof Blob ? [meta.type, await meta.text()] : meta).toEqual(['application/xml', '<a/>'])
    const tags = request.body.get('tags')
    expect(tags instanceof Blob ? [tags.type, await tags.text()] : tags).toEqual(['application/json', '{"a":1}'])
    expect(request.body.get('name')).toBe('n')
  })

  test('the first draft holds what is required, and the first body', () => {
    const filled = form({
      parameters: [parameter('id', 'path', { required: true, value: 'e1' }), parameter('q', 'query')],
    })
    expect(firstDraft(filled)).toEqual({ parameters: { 'path id': 'e1' }, keys: {}, media: 0, body: {} })
  })
})
