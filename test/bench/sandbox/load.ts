/** Calls one URL over 10 connections and prints what it took: `node load.ts <url> <token>`. */
import autocannon from 'autocannon'

const CONNECTIONS = 10
/** Seconds. The first are for the server's compiler to see what is hot; they aren't counted. */
const WARM_UP = 2
const DURATION = 5

const [url = '', token = ''] = process.argv.slice(2)
const headers = { Authorization: `Bearer ${token}`, Accept: 'application/json' }

await autocannon({ url, headers, connections: CONNECTIONS, duration: WARM_UP })
const result = await autocannon({ url, headers, connections: CONNECTIONS, duration: DURATION })
// A refusal is quick, and would pass for speed.
if (result.errors + result.non2xx > 0 || result['2xx'] === 0)
  throw new Error(
    `${result.non2xx} of ${result.requests.total} answers were not 2xx, and ${result.errors} calls failed.`,
  )
process.stdout.write(JSON.stringify({ throughput: result['2xx'] / result.duration, p99: result.latency.p99 }))
