import { describe, expect, test } from 'vitest'
import { type Lens, type LensApp, lensQuery, parseLens, viewer } from '../../src/docs/lens.ts'
import { plain } from '../../src/wording/wording.ts'

const parse = (query: string): Lens => parseLens(new URLSearchParams(query))

describe('parseLens', () => {
  test.each<[string, Lens]>([
    ['', { as: 'everything' }],
    ['as=everything&scope=a', { as: 'everything' }],
    ['as=nonsense', { as: 'everything', unknown: 'nonsense' }],
    ['as=anyone&as=a%0A%0Ab', { as: 'everything', unknown: 'a b' }],
    ['as=app:', { as: 'everything', unknown: 'app:' }],
    ['as=anyone', { as: 'anyone' }],
    ['as=scopes', { as: 'scopes', scopes: [] }],
    ['as=scopes&scope=', { as: 'scopes', scopes: [] }],
    ['as=scopes&scope=b&scope=a&scope=b', { as: 'scopes', scopes: ['b', 'a'] }],
    ['scope=a', { as: 'scopes', scopes: ['a'] }],
    ['as=everything&scope=a&as=scopes', { as: 'scopes', scopes: ['a'] }],
    ['as=app:org-chart-7f3a', { as: 'app', app: 'org-chart-7f3a' }],
  ])('%s', (query, lens) => {
    expect(parse(query)).toEqual(lens)
  })
})

describe('lensQuery', () => {
  test('one view has one address', () => {
    expect(lensQuery({ as: 'scopes', scopes: ['b:read', 'a'] })).toBe('?as=scopes&scope=a&scope=b:read')
    expect(lensQuery({ as: 'everything' })).toBe('')
    expect(lensQuery({ as: 'anyone' }, { try: '1' })).toBe('?try=1&as=anyone')
  })

  test('what is written is read again, whatever the names', () => {
    const lenses: Lens[] = [
      { as: 'anyone' },
      { as: 'scopes', scopes: ['&as=anyone', 'https://x/y', 'ü #?'] },
      { as: 'app', app: 'a&b=c' },
    ]
    for (const lens of lenses) expect(parse(lensQuery(lens))).toEqual(lens)
  })
})

describe('viewer', () => {
  const model = {
    name: 'people',
    title: 'People',
    scopes: [{ name: 'employees:read', consent: 'implicit', default: true, declared: true }],
    schemes: { oauth: { name: 'oauth', type: 'oauth2', token: true, flows: {} } },
  } as const
  const apps: LensApp[] = [
    { id: 'a1', name: 'Org chart', kind: 'service', verified: false, apis: ['people'], scopes: ['employees:read'] },
    { id: 'a2', name: 'Press', kind: 'web', verified: false, apis: ['publishing'], scopes: ['employees:read'] },
  ]

  test('an app is seen with its scopes', () => {
    const seen = viewer({ as: 'app', app: 'a1' }, model, apps)
    expect(seen).toMatchObject({
      name: 'Org chart',
      credentials: { held: [{ scheme: 'oauth', scopes: ['employees:read'] }] },
    })
  })

  test('an app that is not registered for the API holds nothing there', () => {
    expect(viewer({ as: 'app', app: 'a2' }, model, apps)).toMatchObject({ credentials: { held: [] }, scopes: [] })
  })

  test("someone else's app shows everything, and says so", () => {
    const seen = viewer({ as: 'app', app: 'other' }, model, apps)
    expect(seen.lens).toEqual({ as: 'everything' })
    expect(seen.credentials).toBeUndefined()
    expect(plain(seen.problem ?? [])).toMatch(/app other, which isn’t one of yours\. Everything is shown/)
  })

  test('a view that nobody knows shows everything, and says so', () => {
    const seen = viewer(parse('as=employees:read'), model, apps)
    expect(seen.lens).toEqual({ as: 'everything' })
    expect(plain(seen.problem ?? [])).toMatch(/view employees:read, which isn’t known here\. Everything is shown/)
    expect(viewer({ as: 'everything' }, model, apps).problem).toBeUndefined()
    const long = plain(viewer(parse(`as=${'x'.repeat(2_000)}`), model, apps).problem ?? [])
    expect(long.length).toBeLessThan(200)
  })

  test('a scope that the document has no word of is named', () => {
    const note = (scopes: readonly string[]) => viewer({ as: 'scopes', scopes }, model, apps).note
    expect(note(['employees:read'])).toBeUndefined()
    expect(plain(note(['employees:read', 'employes:read']) ?? [])).toBe('employes:read is no scope of People.')
  })
})
