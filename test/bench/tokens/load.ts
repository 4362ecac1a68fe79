import autocannon from 'autocannon'
import type { Measurement } from '../bench.ts'

const CONNECTIONS = 20
/** Seconds. The first are for the server's compiler to see what is hot; they aren't counted. */
export const WARM_UP = 5
const DURATION = 4
/** Looks at the memory while many tokens are issued. */
const LOOKS = 5

/** What a server of this bench says of itself at `/seed`: an app, and refresh tokens for it. */
export interface Seed {
  readonly clientId: string
  readonly clientSecret: string
  readonly resource: string
  readonly scope: string
  readonly publicClientId: string
  readonly refreshResource: string
  readonly refreshTokens: readonly string[]
}

/** @param many tokens to issue between two looks at the heap; 0: none */
export async function load(url: string, many: number): Promise<Measurement> {
  const seed = (await (await fetch(`${url}/seed?refresh=${CONNECTIONS}`)).json()) as Seed
  const request = {
    url: `${url}/oauth/token`,
    method: 'POST' as const,
    headers: {
      authorization: `Basic ${btoa(`${seed.clientId}:${seed.clientSecret}`)}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      resource: seed.resource,
      scope: seed.scope,
    }).toString(),
    connections: CONNECTIONS,
  }
  await autocannon({ ...request, duration: WARM_UP })
  const credentials = check(await autocannon({ ...request, duration: DURATION }))
  const refresh = await refreshes(url, seed)
  if (many === 0) return { credentials, refresh }
  const before = await memory(url)
  let after = before
  for (let look = 1; look <= LOOKS; look++) {
    check(await autocannon({ ...request, amount: many / LOOKS }))
    after = await memory(url)
    const [heap, resident] = [after.heap.toFixed(1), after.resident.toFixed(0)]
    process.stderr.write(`after ${(many / LOOKS) * look} tokens: heap ${heap} MB, resident ${resident} MB\n`)
  }
  return { credentials, refresh, growth: after.heap - before.heap }
}

/** A refusal is quick, and would pass for speed. */
function check(result: autocannon.Result): number {
  if (result.errors + result.non2xx > 0 || result['2xx'] === 0)
    throw new Error(`${result.non2xx} answers were not 2xx, and ${result.errors} calls failed.`)
  return result['2xx'] / result.duration
}

/** Each connection uses the token that the last answer brought. */
async function refreshes(
  url: string,
  { publicClientId, refreshTokens, refreshResource: resource }: Seed,
): Promise<number> {
  const tokens = [...refreshTokens]
  const start = performance.now() + WARM_UP * 1000
  let [counted, end] = [0, start]
  const setupClient = (client: autocannon.Client) => {
    let token = tokens.pop() ?? ''
    const form = () => ({ grant_type: 'refresh_token', client_id: publicClientId, resource, refresh_token: token })
    client.setRequests([
      {
        setupRequest: (request) => ({ ...request, body: new URLSearchParams(form()).toString() }),
        onResponse: (_, body) => {
          token = JSON.parse(body).refresh_token
          end = performance.now()
          if (end > start) counted++
        },
      },
    ])
  }
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const request = { url: `${url}/oauth/token`, method: 'POST' as const, headers, connections: tokens.length }
  check(await autocannon({ ...request, setupClient, duration: WARM_UP + DURATION }))
  return counted / ((end - start) / 1000)
}

/** In MB. */
async function memory(url: string): Promise<{ heap: number; resident: number }> {
  return (await (await fetch(`${url}/memory`)).json()) as { heap: number; resident: number }
}
