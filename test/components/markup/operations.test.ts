import { expect, test } from 'vitest'
import { operationRows } from '../../../src/components/markup/operations.ts'
import { EVERYTHING, parseLens, type Viewer, viewer } from '../../../src/docs/lens.ts'
import { apiLinks } from '../../../src/docs/links.ts'
import { navigation } from '../../../src/docs/navigation.ts'
import { buildModel } from '../../../src/model/build.ts'

const document = {
  openapi: '3.1.0',
  info: { title: 'API', version: '1' },
  components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  paths: {
    '/cats': {
      get: {
        operationId: 'listCats',
        security: [{ bearer: ['cats:read'] }],
        responses: { 200: { description: 'OK' } },
      },
    },
  },
}
const model = buildModel({ name: 'api', document, sourceVersion: '3.1.0', hash: '', access: {} })
const through = (query: string): Viewer => viewer(parseLens(new URLSearchParams(query)), model, [])
const rowsFor = (seen: Viewer, lens = seen.lens, current?: string): string => {
  const [group] = navigation(model, seen)
  return String(operationRows(group?.rows ?? [], apiLinks('api', lens), { current }))
}

test('each reader has rows of their own, whoever looked before', () => {
  const plain = rowsFor(through(''))
  expect(plain).toContain('class="row" href="/apis/api/operations/listCats"')
  expect(rowsFor(through('as=anyone'))).toContain('class="row scope" href="/apis/api/operations/listCats?as=anyone"')
  expect(rowsFor(through('as=scopes&scope=cats:read'))).toContain('class="row open"')
  expect(rowsFor(through('as=scopes'))).toContain('class="row scope"')
  expect(rowsFor({ ...through('as=scopes&scope=cats:read'), lens: EVERYTHING })).toContain('class="row open"')
  expect(rowsFor(through(''))).toBe(plain)
})

test('a row is written anew where it leads elsewhere, and where the reader is', () => {
  const plain = rowsFor(through(''))
  expect(rowsFor(through(''), { as: 'anyone' })).toContain('href="/apis/api/operations/listCats?as=anyone"')
  expect(rowsFor(through(''), EVERYTHING, 'listCats')).toContain('aria-current="page"')
  expect(rowsFor(through(''))).toBe(plain)
})
