import { escapeHtml } from './html.ts'
import { formatIn, formatValue, type MetricResult, type Row } from './result.ts'

/** Pixels. Widths are in percent, so that text keeps its size on any screen. */
const ROW = 52
const BAR = 16
const TOP = 24

/** Bars of medians from zero, a whisker from the smallest value to the largest, and the target's line. Inline SVG. */
export function chart({ metric, rows, verdict }: MetricResult): string {
  const limit = verdict?.limit
  const largest = Math.max(...rows.flatMap(({ values }) => values), limit ?? 0, Number.MIN_VALUE)
  const x = (value: number) => Math.round((value / largest) * 9500) / 100
  const height = TOP + rows.length * ROW
  const bars = rows.map((row, index) => bar(row, TOP + index * ROW, x)).join('')
  const label = `Chart: ${metric.title} in ${metric.unit}. The table that follows has its values.`
  return `<svg class="chart" role="img" aria-label="${escapeHtml(label)}" width="100%" height="${height}">${
    limit === undefined ? '' : targetLine(x(limit), height, `target ${formatValue(limit)}`)
  }${bars}</svg>`
}

function bar(row: Row, top: number, x: (value: number) => number): string {
  const { contestant, ours, median, min, max, over, values } = row
  // A bar that would go on says so.
  const label = over !== undefined && median >= over ? `${contestant}: ${formatIn(row, median)}` : contestant
  const name = `<text class="${ours ? 'ours' : 'peer'}" x="0" y="${top + 14}">${escapeHtml(label)}</text>`
  if (values.length === 0) return `${name}<text class="peer" x="0" y="${top + 34}">not measured</text>`
  const y = top + 22
  const middle = y + BAR / 2
  const ends = [min, max].map((end) => line('whisker', x(end), middle - 5, x(end), middle + 5)).join('')
  const fill = ours ? 'class="ours"' : 'class="peer" fill="url(#hatch)"'
  return `${name}<rect ${fill} x="0" y="${y}" width="${x(median)}%" height="${BAR}"/>${
    min === max
      ? ''
      : line('halo', x(min), middle, x(max), middle) + line('whisker', x(min), middle, x(max), middle) + ends
  }`
}

function targetLine(at: number, height: number, label: string): string {
  const anchor = at > 50 ? 'end' : 'start'
  return `${line('target', at, 0, at, height)}<text class="target" x="${at}%" dx="${at > 50 ? -6 : 6}" y="13" text-anchor="${anchor}">${escapeHtml(label)}</text>`
}

function line(name: string, x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="${name}" x1="${x1}%" y1="${y1}" x2="${x2}%" y2="${y2}"/>`
}
