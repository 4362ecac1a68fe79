import { expect, test } from 'vitest'
import {
  catalogCards,
  catalogChoices,
  catalogQuery,
  catalogView,
  chosen,
  otherVersions,
} from '../../src/docs/catalog.ts'
import type { Lens, LensApp } from '../../src/docs/lens.ts'
import { modelOf } from '../fixture.ts'

const oauth = {
  type: 'oauth2',
  flows: { clientCredentials: { tokenUrl: 'https://example.com', scopes: { read: '' } } },
}

const api = async (name: string, access: string, tag: string) => ({
  ...(await modelOf(
    {
      tags: [{ name: tag }],
      components: { securitySchemes: { oauth } },
      paths: { '/a': { get: { security: [{ oauth: ['read'] }], responses: { 200: { description: '' } } } } },
    },
    access,
  )),
  name,
})

test('by tag, lifecycle, and what my apps can call', async () => {
  const models = [
    await api('one', 'lifecycle: stable\n', 'hr'),
    await api('two', 'lifecycle: deprecated\n', 'pay'),
    await api('three', 'lifecycle: stable\n', 'pay'),
  ]
  const apps: LensApp[] = [
    { id: 'a', name: 'A', kind: 'service', verified: false, apis: ['one'], scopes: [] },
    { id: 'b', name: 'B', kind: 'service', verified: false, apis: ['two'], scopes: ['read'] },
  ]
  const names = (query: string) => chosen(models, catalogView(new URLSearchParams(query)), apps).map(({ name }) => name)
  expect(names('')).toEqual(['one', 'two', 'three'])
  expect(names('tag=pay')).toEqual(['two', 'three'])
  expect(names('tag=pay&lifecycle=stable')).toEqual(['three'])
  expect(names('mine=1')).toEqual(['two'])
  expect(catalogChoices(models)).toEqual({ tags: ['hr', 'pay'], lifecycles: ['stable', 'deprecated'] })
})

test('versions of one family share a card, the newest first, a retired one last', async () => {
  const version = async (name: string, number: string, lifecycle: string) => ({
    ...(await api(name, `family: f\nlifecycle: ${lifecycle}\n`, 't')),
    version: number,
  })
  const models = [
    await version('v2', '2.0', 'stable'),
    await version('v10', '10.0', 'stable'),
    await version('v11', '11.0', 'retired'),
  ]
  const cards = catalogCards(models)
  expect(cards.map(({ versions }) => versions.map(({ api: name }) => name))).toEqual([['v10', 'v2', 'v11']])
  const [second] = models
  const others = second === undefined ? [] : otherVersions(second, [...models, await api('alone', '', 't')])
  expect(others.map(({ api: name }) => name)).toEqual(['v10', 'v11'])
})

test('through a lens a card says how much can be called, and stays in the view', async () => {
  const models = [await api('one', 'lifecycle: stable\n', 'hr')]
  const reached = (lens: Lens) => catalogCards(models, { lens, apps: [] })[0]?.versions[0]?.reach?.callable
  expect(reached({ as: 'everything' })).toBeUndefined()
  expect(reached({ as: 'anyone' })).toBe(0)
  expect(reached({ as: 'scopes', scopes: ['read'] })).toBe(1)
  expect(catalogQuery({ tag: 'a b' }, { as: 'anyone' })).toBe('?tag=a+b&as=anyone')
})

test('a disabled app can call nothing', async () => {
  const models = [await api('one', 'lifecycle: stable\n', 'hr')]
  const app: LensApp = { id: 'a', name: 'A', kind: 'service', verified: false, apis: ['one'], scopes: ['read'] }
  const mine = (apps: readonly LensApp[]) => chosen(models, catalogView(new URLSearchParams('mine=1')), apps)
  expect(mine([app])).toHaveLength(1)
  expect(mine([{ ...app, disabled: true }])).toHaveLength(0)
})
