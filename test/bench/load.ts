/** Calls a URL over 10 connections and prints what it took: `node load.ts <call as JSON>`. */
import autocannon from 'autocannon'
import type { LoadedCall } from './call.ts'

const CONNECTIONS = 10
/** Seconds. The first are for the server's compiler to see what is hot; they aren't counted. */
const WARM_UP = 1
const DURATION = 4

const { url, method = 'GET', headers, body, sessions = 1 }: LoadedCall = JSON.parse(process.argv[2] ?? '{}')
let count = 0
const options: autocannon.Options = {
  url,
  method,
  headers,
  connections: CONNECTIONS,
  ...(body === undefined ? {} : { body }),
  ...(sessions === 1
    ? {}
    : {
        requests: [
          {
            setupRequest: (request) => ({
              ...request,
              headers: { ...request.headers, 'Sallyport-Session': `s${count++ % sessions}` },
            }),
          },
        ],
      }),
}

await autocannon({ ...options, duration: WARM_UP })
const result = await autocannon({ ...options, duration: DURATION })
// A refusal is quick, and would pass for speed.
if (result.errors + result.non2xx > 0 || result['2xx'] === 0)
  throw new Error(
    `${result.non2xx} of ${result.requests.total} answers were not 2xx, and ${result.errors} calls failed.`,
  )
process.stdout.write(JSON.stringify({ throughput: result['2xx'] / result.duration, p99: result.latency.p99 }))
