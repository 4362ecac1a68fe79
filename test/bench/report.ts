import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chart } from './chart.ts'
import { escapeHtml } from './html.ts'
import type { Machine } from './machine.ts'
import { formatIn, type MetricResult, type Result, shortfalls } from './result.ts'

export interface Report {
  /** ISO 8601. */
  readonly date: string
  readonly commit: string
  readonly version: string
  readonly machine: Machine
  readonly results: readonly Result[]
}

/** `report.json` with everything that was measured, and `report.html` for people: one file, no script. */
export async function writeReport(folder: string, report: Report): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`)
  await writeFile(join(folder, 'report.html'), page(report, await styles()))
}

/** The portal's tokens with its fonts inlined, and the report's own rules. */
async function styles(): Promise<string> {
  const tokensUrl = new URL('../../src/components/tokens.css', import.meta.url)
  const resolve = createRequire(tokensUrl).resolve
  let tokens = await readFile(tokensUrl, 'utf8')
  for (const [reference, path] of tokens.matchAll(/url\('(@fontsource[^']+)'\)/g)) {
    const font = await readFile(resolve(path ?? ''), 'base64')
    tokens = tokens.replace(reference, () => `url('data:font/woff2;base64,${font}')`)
  }
  // What is inlined needn't be waited for.
  tokens = tokens.replaceAll('font-display: optional', 'font-display: block')
  return tokens + (await readFile(new URL('report.css', import.meta.url), 'utf8'))
}

function page(report: Report, css: string): string {
  const { date, commit, version, machine, results } = report
  const facts = [
    ['Measured', `${date.slice(0, 16).replace('T', ' ')} UTC`],
    ['Version', `Sallyport ${version}, commit ${commit}`],
    ['Machine', `${machine.cpu}, ${machine.cores} cores, ${machine.memory} GiB, ${machine.system}`],
    ['Node', machine.node],
  ]
  const short = shortfalls(results)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; font-src data:">
<title>Benchmarks of Sallyport</title>
<style>${css}</style>
<svg class="definitions" aria-hidden="true" width="0" height="0"><defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs></svg>
<main>
<h1>Benchmarks</h1>
<dl>${facts.map(([term, text]) => `<dt>${term}</dt><dd>${escapeHtml(text ?? '')}</dd>`).join('')}</dl>
${
  short.length === 0
    ? '<p class="summary">Every target is met.</p>'
    : `<h2>Falls short</h2><ul>${short.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`
}
${results.map(section).join('\n')}
<p class="key">Bars show medians, ours solid and peers hatched; a line spans the smallest value to the largest.</p>
</main>
</html>
`
}

function section({ bench, title, about, rounds, metrics }: Result): string {
  return `<section aria-labelledby="${bench}">
<h2 id="${bench}">${escapeHtml(title)}</h2>
<p>${escapeHtml(about)} ${rounds === 1 ? 'One round' : `${rounds} rounds, interleaved`}.</p>
${metrics.map((result) => figure(bench, result)).join('\n')}
</section>`
}

function figure(bench: string, result: MetricResult): string {
  const { metric, rows, verdict } = result
  const id = `${bench}-${metric.id}`
  const cells = rows.map((row) => {
    const { contestant, version, ours, median, min, max, values, why } = row
    const format = (value: number) => formatIn(row, value)
    const name = `${escapeHtml(contestant)} <span>${escapeHtml(version)}</span>`
    const numbers = [median, min, max].map((value) => `<td>${format(value)}</td>`).join('')
    const raw = [...values.map(format), ...(why === undefined ? [] : [escapeHtml(why)])].join(' · ') || '–'
    const rest =
      why === undefined || values.length > 0
        ? `${numbers}<td class="raw">${raw}</td>`
        : `<td class="why" colspan="4">${escapeHtml(why)}</td>`
    return `<tr${ours ? ' class="ours"' : ''}><th scope="row">${name}</th>${rest}</tr>`
  })
  return `<figure aria-labelledby="${id}">
<h3 id="${id}">${escapeHtml(metric.title)}</h3>
<p class="unit">${escapeHtml(metric.unit)}, ${metric.better} is better</p>
${verdict === undefined ? '' : `<p class="verdict"><b>${verdict.met ? 'Met' : 'Missed'}</b>: ${escapeHtml(verdict.target)}</p>`}
${chart(result)}
<div class="scroll" role="region" tabindex="0" aria-labelledby="${id}">
<table><thead><tr><th scope="col">Contestant</th><th scope="col">Median</th><th scope="col">Min</th><th scope="col">Max</th><th scope="col" class="raw">Each round</th></tr></thead>
<tbody>${cells.join('')}</tbody></table>
</div>
</figure>`
}
