/** Asks for every operation's page of an API once, but for one, then for one from the cache: `node load.ts <url> <api> <page left out>`. */
import { setTimeout as sleep } from 'node:timers/promises'
import autocannon from 'autocannon'

const CONNECTIONS = 10
/** Seconds. */
const DURATION = 3
/** Pages asked for before the clock counts: the server's compiler has to see what is hot. */
const WARM_UP = 200

const [url = '', api = '', leftOut = ''] = process.argv.slice(2)
const sitemap = await (await fetch(`${url}/apis/${api}/sitemap.xml`)).text()
const listed = [...sitemap.matchAll(/<loc>([^<]*\/operations\/[^<]*)<\/loc>/g)].map(([, page = '']) => page)
const pages = listed.filter((page) => page !== leftOut)
if (pages.length === listed.length) throw new Error(`${api} has no page ${leftOut}.`)
if (pages.length < 2 * WARM_UP) throw new Error(`${api} has more than ${pages.length} operations.`)

const times: number[] = []
for (const page of pages) {
  const began = performance.now()
  const response = await fetch(page, { headers: { 'accept-encoding': 'gzip' } })
  await response.arrayBuffer()
  if (response.status !== 200) throw new Error(`${page}: ${response.status}`)
  times.push(performance.now() - began)
}
const counted = times.slice(WARM_UP).sort((a, b) => a - b)
const percentile = (share: number): number => counted[Math.floor(counted.length * share)] ?? Number.NaN

const [page = ''] = pages
// Read to its end: a body that isn't keeps the process, and the server's socket.
await (await fetch(page)).arrayBuffer()
await sleep(100)
const result = await autocannon({
  url: page,
  headers: { 'accept-encoding': 'gzip' },
  connections: CONNECTIONS,
  duration: DURATION,
})
// A refusal is quick, and would pass for speed.
if (result.errors + result.non2xx > 0 || result['2xx'] === 0)
  throw new Error(`${page}: ${result.errors} errors, ${result.non2xx} refusals.`)
process.stdout.write(
  JSON.stringify({ p50: percentile(0.5), p99: percentile(0.99), cached: result['2xx'] / result.duration }),
)
