import type { Bench } from '../bench.ts'
import { prepareOurs } from './ours.ts'

export const bench: Bench = {
  title: 'The portal: start-up, calls of a sandbox, and /enforce',
  about:
    'The example APIs, on a built tree and a DATA_DIR that was used before. Start-up is the time from spawning the process to ' +
    'its first 200. The calls are GET /employees/{id} with a signed token of the portal, over 10 connections: answered by ' +
    'the sandbox, and judged for a proxy.',
  metrics: [
    { id: 'start', title: 'Start-up', unit: 'ms', better: 'lower', target: { value: 3000 } },
    { id: 'call', title: 'Sandbox call', unit: 'requests/s', better: 'higher' },
    { id: 'call-p99', title: 'Its 99th percentile', unit: 'ms', better: 'lower' },
    { id: 'enforce', title: '/enforce', unit: 'requests/s', better: 'higher', target: { value: 8000 } },
    { id: 'enforce-p99', title: 'Its 99th percentile', unit: 'ms', better: 'lower' },
  ],
  contestants: [{ name: 'Sallyport', prepare: prepareOurs }],
  peers: {},
}
