import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { shuffled } from './order.ts'
import { SdkResults } from './sdk-results.ts'

test('a seed gives an order, with everything in it', () => {
  const items = Array.from({ length: 100 }, (_, index) => index)
  expect(shuffled(items, 6)).toEqual(shuffled(items, 6))
  expect(shuffled(items, 6)).not.toEqual(shuffled(items, 7))
  expect(shuffled(items, 6)).not.toEqual(items)
  expect(shuffled(items, 6).sort((a, b) => a - b)).toEqual(items)
})

test('a run goes on from the results of the one before; of a document the last counts', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'corpus-results-'))
  const file = join(folder, 'results.jsonl')
  const first = await SdkResults.open(file)
  await first.add({ file: 'a.json', checked: { Ours: { made: true, errors: ['wrong'] } } })
  await first.add({ file: 'b.json', checked: { Ours: { made: true, errors: [] } } })
  const second = await SdkResults.open(file)
  await second.add({ file: 'a.json', checked: { Ours: { made: true, errors: [] } } })
  const third = await SdkResults.open(file)
  expect(third.all.map((result) => [result.file, result.checked.Ours?.errors])).toEqual([
    ['a.json', []],
    ['b.json', []],
  ])
  await rm(folder, { recursive: true })
})
