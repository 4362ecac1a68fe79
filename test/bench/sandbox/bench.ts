import type { Bench, Metric } from '../bench.ts'
import { prepareOurs, preparePrism, prepareScalar } from './contestants.ts'
import { SIZES } from './measure.ts'

/** How much quicker than Prism, by operations of the document. */
const TIMES = { 10: 2, 300: 8, 1000: 20 } as const

const metrics = SIZES.flatMap((size): Metric[] => [
  {
    id: `get${size}`,
    title: `GET one, ${size} operations`,
    unit: 'requests/s',
    better: 'higher',
    target: { times: TIMES[size], peer: 'Prism' },
  },
  {
    id: `p99-${size}`,
    title: `Its 99th percentile, ${size} operations`,
    unit: 'ms',
    better: 'lower',
    target: { times: 1, peer: 'Prism' },
  },
  {
    id: `start${size}`,
    title: `Start-up, ${size} operations`,
    unit: 'ms',
    better: 'lower',
    target: { times: 0.5, peer: 'Prism' },
  },
  {
    id: `rss${size}`,
    title: `Memory, ${size} operations`,
    unit: 'MB',
    better: 'lower',
    target: { times: 1, peer: 'Prism' },
  },
])

export const bench: Bench = {
  title: 'The sandbox',
  about:
    'One document each of 10, 300 and 1,000 operations, served on loopback; GET /resources…/{id} of the last resource and ' +
    'POST of one with a body, over 10 connections. Ours (sallyport sandbox) verifies the token, decides, validates, keeps ' +
    'what is sent and redacts; the peers take any token and check no scopes, and Scalar wants the read-only id in what it is sent. Start-up is the time from spawning the ' +
    'process to its first 200; ours keeps compiled documents from one start to the next. Memory is resident, after the load.',
  metrics: [
    ...metrics,
    {
      id: 'post',
      title: 'POST with a body, 10 operations',
      unit: 'requests/s',
      better: 'higher',
      target: { times: 2, peer: 'Prism' },
    },
  ],
  contestants: [
    { name: 'Sallyport', prepare: prepareOurs },
    { name: 'Prism', package: '@stoplight/prism-cli', prepare: preparePrism },
    { name: 'Scalar', package: '@scalar/mock-server', prepare: prepareScalar },
  ],
  peers: { '@stoplight/prism-cli': '5.16.0', '@scalar/mock-server': '0.14.4', '@hono/node-server': '2.1.9' },
}
