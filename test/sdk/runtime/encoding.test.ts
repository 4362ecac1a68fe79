import { describe, expect, test } from 'vitest'
import { expandPath, pairs } from '../../../sdk-templates/typescript/runtime/address.ts'
import {
  encodeBinary,
  encodeForm,
  encodeJson,
  encodeMultipart,
} from '../../../sdk-templates/typescript/runtime/body.ts'
import { bearerChallenge } from '../../../sdk-templates/typescript/runtime/challenge.ts'
import type { PairStyle, ValueStyle } from '../../../sdk-templates/typescript/runtime/styles.ts'
import * as styles from '../../../sdk-templates/typescript/runtime/styles.ts'

const list = ['blue', 'bl,ack', 'a b']
const object = { R: 100, G: 'a&b' }

describe('parameters', () => {
  test.each<[ValueStyle, unknown, string]>([
    [styles.simple, 'a/b?c#d', '/x/a%2Fb%3Fc%23d'],
    [styles.simple, list, '/x/blue,bl%2Cack,a%20b'],
    [styles.simple, object, '/x/R,100,G,a%26b'],
    [styles.explodedSimple, object, '/x/R=100,G=a%26b'],
    [styles.label, 'v', '/x/.v'],
    [styles.label, ['a', 'b'], '/x/.a,b'],
    [styles.explodedLabel, ['a', 'b'], '/x/.a.b'],
    [styles.explodedLabel, { a: 1, b: 2 }, '/x/.a=1.b=2'],
    [styles.matrix, 'v', '/x/;id=v'],
    [styles.matrix, '', '/x/;id'],
    [styles.matrix, ['a', 'b'], '/x/;id=a,b'],
    [styles.explodedMatrix, ['a', 'b'], '/x/;id=a;id=b'],
    [styles.explodedMatrix, { a: 1, b: 2 }, '/x/;a=1;b=2'],
    [styles.contentValue, { a: 1 }, '/x/%7B%22a%22%3A1%7D'],
    [styles.simple, new Date(0), '/x/1970-01-01T00%3A00%3A00.000Z'],
  ])('path: %o of %j → %s', (style, value, want) => {
    expect(expandPath('/x/{id}', { id: style }, { id: value })).toBe(want)
  })

  test.each(['..', '.', '%2e%2E', ''])('a path value can not be %j', (value) => {
    const bare = { id: (text: unknown) => String(text) }
    expect(() => expandPath('/x/{id}/y', bare, { id: value })).toThrow()
  })

  test('a path value that is missing is named', () => {
    expect(() => expandPath('/x/{id}', {}, {})).toThrow('id is missing')
    expect(() => expandPath('/x/{toString}', {}, {})).toThrow('toString is missing')
  })

  test.each<[PairStyle, unknown, string]>([
    [styles.form, 'a b&c=d+e', 'q=a%20b%26c%3Dd%2Be'],
    [styles.form, false, 'q=false'],
    [styles.form, list, 'q=blue&q=bl%2Cack&q=a%20b'],
    [styles.form, object, 'R=100&G=a%26b'],
    [styles.form, [], ''],
    [styles.form, null, ''],
    [styles.joinedForm, list, 'q=blue,bl%2Cack,a%20b'],
    [styles.joinedForm, object, 'q=R,100,G,a%26b'],
    [styles.joinedForm, [], ''],
    [styles.spaceDelimited, ['a', 'b'], 'q=a%20b'],
    [styles.pipeDelimited, ['a', 'b'], 'q=a%7Cb'],
    [styles.deepObject, { a: 1, b: { c: [2, 3] } }, 'q%5Ba%5D=1&q%5Bb%5D%5Bc%5D=2&q%5Bb%5D%5Bc%5D=3'],
    [styles.reservedForm, 'a/b?c:d&e#f', 'q=a/b?c:d%26e%23f'],
    [styles.reservedForm, ['a/b', 'c,d'], 'q=a/b&q=c,d'],
    [styles.reservedJoinedForm, ['a/b', 'c'], 'q=a/b,c'],
    [styles.reservedDeepObject, { a: 'b:c' }, 'q%5Ba%5D=b:c'],
    [styles.contentPair, { a: [1] }, 'q=%7B%22a%22%3A%5B1%5D%7D'],
  ])('query: %o of %j → %s', (style, value, want) => {
    expect(pairs('&', { q: style }, { q: value, left: undefined })).toBe(want)
  })

  test('headers, cookies, and what needs no style', () => {
    expect(expandPath('/x/{id}', undefined, { id: 'a/b c' })).toBe('/x/a%2Fb%20c')
    expect(pairs('&', undefined, { a: 'x&y', at: new Date(0) })).toBe('a=x%26y&at=1970-01-01T00%3A00%3A00.000Z')
    expect(styles.header(['a', 1])).toBe('a,1')
    expect(styles.explodedHeader({ a: 1 })).toBe('a=1')
    expect(styles.contentHeader({ a: 1 })).toBe('{"a":1}')
    expect(pairs('; ', undefined, { a: 'x;y', b: 2 })).toBe('a=x%3By; b=2')
  })
})

describe('bodies', () => {
  test('JSON keeps its media type', () => {
    expect(encodeJson({ a: null }, { type: 'application/merge-patch+json', encode: encodeJson })).toEqual({
      body: '{"a":null}',
      contentType: 'application/merge-patch+json',
      repeatable: true,
    })
  })

  test('a form repeats lists', () => {
    const format = { type: 'application/x-www-form-urlencoded', encode: encodeForm }
    expect(encodeForm({ a: [1, 2], b: 'x&y', c: undefined }, format).body).toBe('a=1&a=2&b=x%26y')
  })

  test('multipart: files, bytes, streams, lists, objects, and the type of a part', async () => {
    const { body, contentType, repeatable } = await encodeMultipart(
      {
        file: new File(['x'], 'a.png', { type: 'image/png' }),
        files: [new File(['1'], '1.txt'), new Blob(['2'])],
        raw: new Uint8Array([1]),
        stream: new Blob(['streamed']).stream(),
        tags: ['a', 'b'],
        meta: { k: 1 },
        at: new Date(0),
      },
      {
        type: 'multipart/form-data',
        encode: encodeMultipart,
        parts: { meta: 'application/vnd.m+json', file: 'image/png, image/jpeg' },
      },
    )
    expect(contentType).toBeUndefined()
    expect(repeatable).toBe(true)
    const form = body as FormData
    const part = (name: string): File => form.get(name) as File
    expect(part('file')).toMatchObject({ name: 'a.png', type: 'image/png' })
    expect(form.getAll('files').map((file) => (file as File).name)).toEqual(['1.txt', 'files'])
    expect(form.getAll('tags')).toEqual(['a', 'b'])
    expect(part('meta').type).toBe('application/vnd.m+json')
    expect(await part('meta').text()).toBe('{"k":1}')
    expect(await part('stream').text()).toBe('streamed')
    expect(part('raw').size).toBe(1)
    expect(form.get('at')).toBe('1970-01-01T00:00:00.000Z')
  })

  test('what can not be sent is refused', async () => {
    await expect(encodeMultipart('x', { type: 'multipart/form-data', encode: encodeMultipart })).rejects.toThrow(
      'is an object',
    )
    expect(() => encodeBinary({ a: 1 }, { type: 'image/png', encode: encodeBinary })).toThrow('a Blob')
  })
})

describe('challenges', () => {
  test.each([
    [
      'Bearer error="insufficient_scope", scope="a b", resource_metadata="https://x/?a=b,c"',
      'insufficient_scope',
      ['a', 'b'],
    ],
    ['Basic realm="x, Bearer", bearer scope=a , error=insufficient_scope', 'insufficient_scope', ['a']],
    ['Bearer', undefined, []],
    ['Bearer error="a\\"b"', 'a"b', []],
  ])('%s', (header, error, scope) => {
    expect(bearerChallenge(header)).toEqual({ error, scope })
  })

  test.each(['', 'Basic realm="bearer"', 'DPoP error="x"'])('none in %j', (header) => {
    expect(bearerChallenge(header)).toBeUndefined()
  })
})
