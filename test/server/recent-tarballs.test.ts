import { expect, test } from 'vitest'
import { RecentTarballs } from '../../src/server/recent-tarballs.ts'

test('keeps the last that were asked for, as far as there is room', () => {
  const recent = new RecentTarballs(10)
  const tarball = (bytes: number): Uint8Array => new Uint8Array(bytes)
  recent.keep('a', tarball(4))
  recent.keep('b', tarball(4))
  expect(recent.get('a')).toHaveLength(4)
  recent.keep('c', tarball(4))
  expect([recent.get('a'), recent.get('b'), recent.get('c')].map((each) => each?.length)).toEqual([4, undefined, 4])
  recent.keep('huge', tarball(11))
  expect(recent.get('huge')).toBeUndefined()
  expect(recent.get('c')).toHaveLength(4)
})
