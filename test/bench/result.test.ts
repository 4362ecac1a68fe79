import { expect, test } from 'vitest'
import type { Bench, Measurement, Metric } from './bench.ts'
import { chart } from './chart.ts'
import { formatIn, formatSpread, formatValue, median, shortfalls, summarise } from './result.ts'

const speed: Metric = { id: 'speed', title: 'Speed', unit: 'calls/s', better: 'higher' }
const start: Metric = { id: 'start', title: 'Start', unit: 'ms', better: 'lower' }

function result(metric: Metric, ours: Measurement[], theirs: Measurement[], failures: string[] = []) {
  const bench: Bench = { title: '', about: '', metrics: [metric], contestants: [], peers: {} }
  return summarise('example', bench, 1, [
    { contestant: 'Ours', version: '1', ours: true, measurements: ours, failures },
    { contestant: 'Peer', version: '2', ours: false, measurements: theirs, failures: [] },
  ])
}

test.each([
  [[], Number.NaN],
  [[7], 7],
  [[1, 2, 9], 2],
  [[1, 2, 4, 9], 3],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected)
})

test.each([
  [0, '0'],
  [0.01234, '0.0123'],
  [9.876, '9.88'],
  [1234.56, '1,235'],
  [-2.5, '-2.5'],
  [Number.NaN, '–'],
])('%d is written as %s', (value, expected) => {
  expect(formatValue(value)).toBe(expected)
})

test('values keep the order of their rounds, beside median and spread', () => {
  const row = result(start, [{ start: 30 }, { start: 10 }, { start: 20 }], []).metrics[0]?.rows[0]
  expect(row).toMatchObject({ values: [30, 10, 20], median: 20, min: 10, max: 30 })
})

test.each<[string, Metric, Measurement[], boolean]>([
  ['at most', { ...start, target: { value: 20 } }, [{ start: 20 }], true],
  ['at most, exceeded', { ...start, target: { value: 20 } }, [{ start: 20.1 }], false],
  ['a multiple of a peer', { ...speed, target: { times: 2, peer: 'Peer' } }, [{ speed: 20 }], true],
  ['a multiple, not reached', { ...speed, target: { times: 2, peer: 'Peer' } }, [{ speed: 19 }], false],
  ['the best peer', { ...speed, target: { times: 2 } }, [{ speed: 20 }], true],
  ['the best peer, not reached', { ...speed, target: { times: 2 } }, [{ speed: 19 }], false],
  ['a peer that is not there', { ...speed, target: { times: 2, peer: 'Nobody' } }, [{ speed: 20 }], false],
  ['nothing measured', { ...start, target: { value: 20 } }, [], false],
])('target: %s', (_, metric, ours, met) => {
  expect(result(metric, ours, [{ speed: 10 }]).metrics[0]?.verdict?.met).toBe(met)
})

test('who has no value says why', () => {
  const rows = result(speed, [{ speed: 5 }], [{ speed: 'It does not compile.' }]).metrics[0]?.rows
  expect(rows?.map(({ why }) => why)).toEqual([undefined, 'It does not compile.'])
  expect(rows?.[1]).toMatchObject({ values: [], median: Number.NaN })
})

test('a value that is only known to be more than another says so, and counts as that', () => {
  const [summary] = result(
    start,
    [{ start: 10 }],
    [{ start: 20 }, { start: { over: 50 } }, { start: { over: 50 } }],
  ).metrics
  const row = summary?.rows[1]
  expect(row).toMatchObject({ values: [20, 50, 50], median: 50, over: 50 })
  expect(row && [formatIn(row, row.median), formatSpread(row)]).toEqual(['> 50', '20–> 50'])
  expect(summary && chart(summary)).toContain('Peer: &gt; 50')
})

test('rounds without a value say why, beside those that have one', () => {
  const row = result(speed, [], [{ speed: 'It crashed.' }, { speed: 7 }]).metrics[0]?.rows[1]
  expect(row).toMatchObject({ values: [7], median: 7, why: 'It crashed.' })
})

test('a miss and a failure are listed, a target that is met is not', () => {
  const target = { times: 2, peer: 'Peer' }
  const peer = [{ speed: 1000 }]
  expect(shortfalls([result({ ...speed, target }, [{ speed: 2000 }], peer)])).toEqual([])
  expect(shortfalls([result({ ...speed, target }, [{ speed: 1500 }], peer, ['round 2: it\nfell over'])])).toEqual([
    'example: Speed: 1,500 calls/s; the target is at least 2 × Peer’s median (2,000 calls/s)',
    'example: Ours failed in round 2: it fell over',
  ])
})

test('a chart draws what was measured, says what was not, and escapes names', () => {
  const metric = { ...speed, title: 'a "b" <c>' }
  const [measured] = result(metric, [{ speed: 5 }], []).metrics
  const svg = measured === undefined ? '' : chart(measured)
  expect(svg.match(/<rect/g)).toHaveLength(1)
  expect(svg).toContain('not measured')
  expect(svg).toContain('a &quot;b&quot; &lt;c&gt;')
  expect(svg).not.toMatch(/NaN|Infinity|undefined/)
})
