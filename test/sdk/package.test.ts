import { gunzipSync } from 'node:zlib'
import { parseTar } from 'nanotar'
import { describe, expect, test } from 'vitest'
import type { ApiModel } from '../../src/model/api.ts'
import { buildSdk } from '../../src/sdk/package/build.ts'
import { packument } from '../../src/sdk/package/packument.ts'
import { sdkVersion } from '../../src/sdk/package/version.ts'
import { modelOf } from '../fixture.ts'

const things = (version = '1.4.0'): Promise<ApiModel> =>
  modelOf({
    info: { title: 'Things', version },
    paths: { '/things': { get: { responses: { 200: { description: '', content: { 'application/json': {} } } } } } },
  })

describe('the package', () => {
  test('the same options give the same bytes, and a tarball that npm can read', async () => {
    const options = { model: await things(), packageName: '@acme/things', connection: { baseUrl: 'https://x.example' } }
    const first = await buildSdk({ ...options, scopes: ['b', 'a'] })
    const second = await buildSdk({ ...options, scopes: ['a', 'b', 'b'] })
    expect(Buffer.from(first.tarball).equals(second.tarball)).toBe(true)
    expect(first.integrity).toMatch(/^sha512-.{86}==$/)
    expect(first.shasum).toMatch(/^[0-9a-f]{40}$/)
    const entries = parseTar(new Uint8Array(gunzipSync(first.tarball)))
    expect(entries.map(({ name }) => name)).toEqual([...first.files.keys()].sort().map((path) => `package/${path}`))
    const manifest = JSON.parse(entries.find(({ name }) => name === 'package/package.json')?.text ?? '{}')
    expect(manifest).toMatchObject({
      name: '@acme/things',
      version: first.version,
      type: 'module',
      sideEffects: false,
      engines: { node: '>=20' },
    })
    expect(Object.keys(manifest.dependencies)).toEqual(['oauth4webapi'])
    expect(Object.keys(manifest.exports).sort()).toEqual(
      ['.', './auth', './client', './errors', './logger', './node', './things', './sandbox', './package.json'].sort(),
    )
    for (const entry of Object.values<string | Record<string, string>>(manifest.exports))
      for (const path of typeof entry === 'string' ? [entry] : Object.values(entry))
        expect(first.files.has(path.slice(2)), path).toBe(true)
  })
})

describe('the version', () => {
  test.each([
    ['1.4.0', '1.4.0'],
    ['v2.1', '2.1.0'],
    ['2024-05-01', '2024.5.1'],
    ['01.02.03', '1.2.3'],
    ['1.2.3-beta.1+x', '1.2.3'],
    ['latest', '0.0.0'],
    ['9'.repeat(40), '999999999999999.0.0'],
  ])('of a document %s', async (version, core) => {
    const model = { ...(await things()), version }
    expect(sdkVersion({ model, packageName: 'x', connection: {} })).toMatch(
      new RegExp(`^${core.replaceAll('.', '\\.')}-h[0-9a-f]{12}$`),
    )
  })

  test('changes with what the bytes depend on, and with nothing else', async () => {
    const model = await things()
    const base = {
      model,
      packageName: '@acme/things',
      scopes: ['a', 'b'],
      connection: { baseUrl: 'https://x.example' },
    }
    const version = sdkVersion(base)
    expect(sdkVersion({ ...base, scopes: ['b', 'a', 'a'] })).toBe(version)
    const { scopes: _, ...unscoped } = base
    const others = [
      unscoped,
      { ...base, scopes: [] },
      { ...base, scopes: ['a'] },
      { ...base, prune: true },
      { ...base, packageName: '@acme/other' },
      { ...base, connection: { issuer: 'https://x.example' } },
      { ...base, model: { ...model, hash: 'other' } },
    ].map((options) => sdkVersion(options))
    expect(new Set([version, ...others]).size).toBe(others.length + 1)
  })
})

test('the registry document', () => {
  const dist = { tarball: 'https://p.example/1.tgz', integrity: 'sha512-x', shasum: 'y' }
  const document = packument({
    name: '@acme/things',
    versions: [
      { version: '1.0.0-h1', ...dist },
      { version: '1.0.0-h2', tarball: 'https://p.example/2.tgz' },
    ],
    latest: '1.0.0-h1',
    apps: { abc: '1.0.0-h2' },
  })
  expect(document).toMatchObject({
    name: '@acme/things',
    'dist-tags': { latest: '1.0.0-h1', 'app-abc': '1.0.0-h2' },
    versions: {
      '1.0.0-h1': {
        name: '@acme/things',
        version: '1.0.0-h1',
        dist,
        dependencies: { oauth4webapi: expect.any(String) },
      },
      '1.0.0-h2': { dist: { tarball: 'https://p.example/2.tgz' } },
    },
  })
})
