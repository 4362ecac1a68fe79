import type { Bench, Metric } from './bench.ts'
import type { Entry } from './rounds.ts'

export interface Result {
  readonly bench: string
  readonly title: string
  readonly about: string
  readonly rounds: number
  readonly metrics: readonly MetricResult[]
  readonly failures: readonly { readonly contestant: string; readonly message: string }[]
}

export interface MetricResult {
  readonly metric: Metric
  readonly rows: readonly Row[]
  readonly verdict?: Verdict
}

export interface Row {
  readonly contestant: string
  readonly version: string
  readonly ours: boolean
  /** In the order of the rounds. */
  readonly values: readonly number[]
  /** Of no values, NaN. */
  readonly median: number
  readonly min: number
  readonly max: number
  /** Values as large as this one are more than it: nobody waited longer. */
  readonly over?: number
  /** Of rounds without a value. */
  readonly why?: string
}

export interface Verdict {
  /** In words, as "at most 3,000 ms". */
  readonly target: string
  /** The value that the target comes to. Missing: the peer that it is measured by has no value. */
  readonly limit?: number
  readonly met: boolean
}

export function summarise(name: string, bench: Bench, rounds: number, entries: readonly Entry[]): Result {
  return {
    bench: name,
    title: bench.title,
    about: bench.about,
    rounds,
    metrics: bench.metrics.map((metric) => summariseMetric(metric, entries)),
    failures: entries.flatMap(({ contestant, failures }) => failures.map((message) => ({ contestant, message }))),
  }
}

function summariseMetric(metric: Metric, entries: readonly Entry[]): MetricResult {
  const rows = entries.map(({ contestant, version, ours, measurements }) => {
    const all = measurements.flatMap((measurement) => measurement[metric.id] ?? [])
    const values = all.flatMap((value) =>
      typeof value === 'string' ? [] : typeof value === 'number' ? value : value.over,
    )
    const over = all.find((value) => typeof value === 'object')?.over
    const why = all.find((value) => typeof value === 'string')
    const sorted = values.toSorted((a, b) => a - b)
    return {
      contestant,
      version,
      ours,
      values,
      median: median(sorted),
      min: sorted[0] ?? Number.NaN,
      max: sorted.at(-1) ?? Number.NaN,
      ...(over !== undefined && { over }),
      ...(why !== undefined && { why }),
    }
  })
  const verdict = judge(metric, rows)
  return { metric, rows, ...(verdict !== undefined && { verdict }) }
}

/** Without a measured value of ours, or of the peer that it is compared with, a target is missed. */
function judge({ target, better, unit }: Metric, rows: readonly Row[]): Verdict | undefined {
  if (target === undefined) return undefined
  const side = better === 'lower' ? 'at most' : 'at least'
  const words =
    'value' in target
      ? `${side} ${formatValue(target.value)} ${unit}`
      : `${side} ${target.times} × ${target.peer ?? 'the best peer'}’s median`
  const limit = 'value' in target ? target.value : target.times * compared(rows, target.peer, better)
  const mine = rows.find(({ ours }) => ours)?.median ?? Number.NaN
  // A comparison with NaN is false.
  const met = better === 'lower' ? mine <= limit : mine >= limit
  return { target: words, ...(!Number.isNaN(limit) && { limit }), met }
}

/** The median of a peer, or of the best one; of none, NaN. */
function compared(rows: readonly Row[], peer: string | undefined, better: Metric['better']): number {
  const medians = rows
    .filter(
      ({ contestant, ours, median }) => (peer === undefined ? !ours : contestant === peer) && !Number.isNaN(median),
    )
    .map(({ median }) => median)
  if (medians.length === 0) return Number.NaN
  return better === 'lower' ? Math.min(...medians) : Math.max(...medians)
}

/** What falls short of its target, or broke: one line each. */
export function shortfalls(results: readonly Result[]): string[] {
  return results.flatMap(({ bench, metrics, failures }) => [
    ...metrics.flatMap(({ metric, rows, verdict }) => {
      if (verdict === undefined || verdict.met) return []
      const mine = rows.find(({ ours }) => ours)?.median ?? Number.NaN
      return `${bench}: ${metric.title}: ${withUnit(mine, metric.unit)}; the target is ${verdict.target}${limitOf(verdict, metric)}`
    }),
    ...failures.map(
      ({ contestant, message }) => `${bench}: ${contestant} failed in ${message.replaceAll(/\s+/g, ' ').slice(0, 300)}`,
    ),
  ])
}

function limitOf({ limit }: Verdict, { target, unit }: Metric): string {
  return limit === undefined || target === undefined || 'value' in target ? '' : ` (${withUnit(limit, unit)})`
}

/** Of sorted values; of none, NaN. */
export function median(sorted: readonly number[]): number {
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper
}

/** Three significant digits, or all of a whole number's. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return '–'
  const maximumFractionDigits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return new Intl.NumberFormat('en', { maximumFractionDigits }).format(value)
}

/** A value of a row: with a sign where it is more than that. */
export function formatIn({ over = Number.POSITIVE_INFINITY }: Pick<Row, 'over'>, value: number): string {
  return value >= over ? `> ${formatValue(over)}` : formatValue(value)
}

/** From the smallest value to the largest. */
export function formatSpread(row: Pick<Row, 'min' | 'max' | 'over'>): string {
  const [least, most] = [formatIn(row, row.min), formatIn(row, row.max)]
  return least === most ? least : `${least}–${most}`
}

function withUnit(value: number, unit: string): string {
  return Number.isNaN(value) ? 'not measured' : `${formatValue(value)} ${unit}`
}
