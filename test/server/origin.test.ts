import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import { localPath } from '../../src/components/form/local-path.ts'
import { isOwnOrigin } from '../../src/server/origin.ts'

describe('where one goes after signing in', () => {
  test.each([
    ['/apis/people?as=anyone#id', '/apis/people?as=anyone#id'],
    ['/', '/'],
    [null, '/'],
    ['', '/'],
    ['apis', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['/\t/evil.example', '/'],
    ['https://evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['/a\r\nSet-Cookie: x=y', '/'],
    ['/a/..//evil.example', '/'],
  ])('%j leads to %s', (given, expected) => {
    expect(localPath(given)).toBe(expected)
  })
})

describe('requests that change something', () => {
  const home = 'http://localhost:4321'
  test.each([
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{ 'sec-fetch-site': 'same-site', origin: home }, false],
    [{ 'sec-fetch-site': 'cross-site', origin: home }, false],
    [{ 'sec-fetch-site': 'none' }, false],
    [{ origin: home }, true],
    [{ origin: 'http://localhost:9999' }, false],
    [{ origin: 'null' }, false],
    [{}, false],
  ])('%j: %s', (headers, own) => {
    expect(isOwnOrigin({ headers } as unknown as IncomingMessage, home)).toBe(own)
  })
})
