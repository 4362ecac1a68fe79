import { expect, test } from 'vitest'
import { viewer } from '../../src/docs/lens.ts'
import { navigation } from '../../src/docs/navigation.ts'
import { modelOf } from '../fixture.ts'

const operation = { responses: { 200: { description: 'OK' } } }

function documentWith(paths: readonly string[]) {
  return { paths: Object.fromEntries(paths.map((path) => [path, { get: operation }])) }
}

const everything = viewer({ as: 'everything' }, { name: 'api', schemes: {}, scopes: [], title: 'API' }, [])

test('a few operations without a tag are one group, hundreds a group for each part of the API', async () => {
  const few = await modelOf(documentWith(['/v1/cats', '/v1/dogs']))
  expect(navigation(few, everything).map(({ title, count }) => [title, count])).toEqual([['Operations', 2]])
  const animals = ['cats', 'dogs', 'birds'].flatMap((animal) =>
    Array.from({ length: 50 }, (_, index) => `/v1/${animal}/{id}/part${index}`),
  )
  const many = await modelOf(documentWith([...animals, '/v1/{id}']))
  const groups = navigation(many, everything, { current: many.operations[60] })
  expect(groups.map(({ title, count, rows }) => [title, count, rows.length])).toEqual([
    ['cats', 50, 0],
    ['dogs', 50, 50],
    ['birds', 50, 0],
    ['Operations', 1, 0],
  ])
})
