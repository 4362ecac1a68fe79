/** Asks for every operation's page of an API once, but for one, as everything and as anyone sees it, then for one from the cache: `node load.ts <url> <api> <page left out>`. */
import { Agent, get } from 'node:http'
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

/** Of one connection: the next page is asked for before that of the last is free again, and would open another. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

/** Reads a page to its end, as it is sent: to inflate it would be the client's time. */
function read(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(address, { agent, headers: { 'accept-encoding': 'gzip' } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${address}: ${response.statusCode}`))
      response.once('error', reject).once('end', resolve).resume()
    })
    request.once('error', reject)
  })
}

/** Milliseconds that each took, in order. */
async function timesOf(addresses: readonly string[]): Promise<number[]> {
  const times: number[] = []
  for (const address of addresses) {
    const began = performance.now()
    await read(address)
    times.push(performance.now() - began)
  }
  return times.slice(WARM_UP).sort((a, b) => a - b)
}
const percentile = (times: readonly number[], share: number): number =>
  times[Math.floor(times.length * share)] ?? Number.NaN

const whole = await timesOf(pages)
const lens = await timesOf(pages.map((page) => `${page}?as=anyone`))

const [page = ''] = pages
await read(page)
agent.destroy()
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
  JSON.stringify({
    p50: percentile(whole, 0.5),
    p99: percentile(whole, 0.99),
    'lens-p50': percentile(lens, 0.5),
    'lens-p99': percentile(lens, 0.99),
    cached: result['2xx'] / result.duration,
  }),
)
