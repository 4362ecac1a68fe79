import { expect, test } from 'vitest'
import { EVERYTHING, viewer } from '../../src/docs/lens.ts'
import { apiLinks } from '../../src/docs/links.ts'
import { type MatrixView, matrixCsv, matrixView, scopeMatrix } from '../../src/docs/scope-matrix.ts'
import { modelOf } from '../fixture.ts'

const ALL: MatrixView = { find: '', only: '', by: 'document' }

async function matrix(view: Partial<MatrixView> = {}) {
  const scopes = { a: 'A', b: 'B', c: 'C' }
  const model = await modelOf({
    components: {
      securitySchemes: {
        oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: 'https://example.com', scopes } } },
      },
      schemas: { Thing: { properties: { cost: { type: 'number', 'x-required-scopes': ['c'] } } } },
    },
    paths: {
      '/things': {
        get: {
          summary: '=HYPERLINK("x")',
          security: [{ oauth: ['a'] }, { oauth: ['a', 'b'] }],
          responses: {
            200: {
              description: '',
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
            },
          },
        },
      },
      '/free': { get: { summary: 'Free, for "all"', security: [], responses: { 200: { description: '' } } } },
    },
  })
  return scopeMatrix(model, viewer(EVERYTHING, model, []), apiLinks('api', EVERYTHING), { ...ALL, ...view })
}

test('what every way in takes is needed, what some take is one way', async () => {
  const { scopes, rows } = await matrix()
  expect(scopes.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
  expect(rows.map(({ label, cells }) => [label, ...cells])).toEqual([
    ['GET /things', 'needed', 'one way', ''],
    ['GET /free', '', '', ''],
    ['Thing.cost', '', '', 'needed'],
  ])
  expect(rows[2]?.href).toBe('/apis/api/schemas/Thing#field.cost')
})

test('filtered and sorted', async () => {
  const labels = async (view: Partial<MatrixView>) => (await matrix(view)).rows.map(({ label }) => label)
  expect(await labels({ find: 'FREE get' })).toEqual(['GET /free'])
  expect(await labels({ only: 'c' })).toEqual(['Thing.cost'])
  expect(await labels({ by: 'label' })).toEqual(['GET /free', 'GET /things', 'Thing.cost'])
  expect(await labels({ by: 'c' })).toEqual(['Thing.cost', 'GET /things', 'GET /free'])
  expect(matrixView(new URLSearchParams('find=+x+&by=a'))).toEqual({ find: 'x', only: '', by: 'a' })
})

test('CSV: quoted, and no formula', async () => {
  expect(matrixCsv(await matrix())).toBe(
    [
      'kind,name,title,a,b,c',
      'operation,GET /things,"\'=HYPERLINK(""x"")",needed,one way,',
      'operation,GET /free,"Free, for ""all""",,,',
      'field,Thing.cost,field,,,needed',
      '',
    ].join('\r\n'),
  )
})
