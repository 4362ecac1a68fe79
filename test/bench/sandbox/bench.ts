import type { Bench } from '../bench.ts'
import { prepareOurs } from './ours.ts'
import { preparePrism, prepareScalar } from './peers.ts'

export const bench: Bench = {
  title: 'Start-up, and a call of the sandbox',
  about:
    'The People API’s document, served on loopback. Start-up is the time from spawning the process to its first 200, for ' +
    'ours with everything else that the portal is, on a built tree and a DATA_DIR that was used before. The call is ' +
    'GET /employees/{id} with a bearer token, over 10 connections: ours verifies the token, decides, validates and ' +
    'redacts; the peers take any token and check no scopes.',
  metrics: [
    { id: 'start', title: 'Start-up', unit: 'ms', better: 'lower', target: { value: 3000 } },
    {
      id: 'throughput',
      title: 'Sandbox call, throughput',
      unit: 'requests/s',
      better: 'higher',
      target: { times: 2, peer: 'Prism' },
    },
    { id: 'p99', title: 'Sandbox call, 99th percentile of latency', unit: 'ms', better: 'lower' },
  ],
  contestants: [
    { name: 'Sallyport', prepare: prepareOurs },
    { name: 'Prism', package: '@stoplight/prism-cli', prepare: preparePrism },
    { name: 'Scalar', package: '@scalar/mock-server', prepare: prepareScalar },
  ],
  peers: { '@stoplight/prism-cli': '5.16.0', '@scalar/mock-server': '0.14.4', '@hono/node-server': '2.1.9' },
}
