import { formatIn, formatSpread, type Result } from './result.ts'

/** The results as text, for the terminal. */
export function printTable({ bench, title, metrics }: Result): string {
  const lines = [`${bench}: ${title}`]
  for (const { metric, rows, verdict } of metrics) {
    lines.push('', `  ${metric.title} (${metric.unit}, ${metric.better} is better)`)
    const cells = rows.map((row) => [
      `${row.contestant} ${row.version}`,
      formatIn(row, row.median),
      formatSpread(row),
      String(row.values.length),
    ])
    lines.push(...align([['', 'median', 'min–max', 'rounds'], ...cells]).map((line) => `    ${line}`))
    lines.push(...rows.flatMap(({ contestant, why }) => (why === undefined ? [] : `    ${contestant}: ${why}`)))
    if (verdict !== undefined) lines.push(`    ${verdict.met ? 'met' : 'MISSED'}: ${verdict.target}`)
  }
  return lines.join('\n')
}

/** The first column to the left, the others to the right. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('   '),
  )
}
