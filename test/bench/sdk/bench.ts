import type { Bench } from '../bench.ts'
import { prepareOurs } from './ours.ts'
import { prepareHeyApi, prepareOpenapiTypescript, prepareOrval, prepareSwaggerTypescriptApi } from './peers.ts'

export const bench: Bench = {
  title: 'SDKs in TypeScript',
  about:
    'GitHub’s document (13 MB, some 1,200 operations). Generation is the command line from start to end, its peak memory ' +
    'that of its largest process. Types are checked by tsc 5.9 under strict in a program that calls the same 20 operations, ' +
    'the generated code included, as its users have it. Bundles are of a program that makes one call: esbuild, minified, ' +
    'gzip. The overhead of a call is over a bare fetch that answers at once, with a live token where the SDK has any.',
  rounds: 3,
  metrics: [
    {
      id: 'generate',
      title: 'Generation, from start to end',
      unit: 'ms',
      better: 'lower',
      target: { times: 0.5, peer: 'Hey API' },
    },
    {
      id: 'cpu',
      title: 'CPU time of generation',
      unit: 'ms',
      better: 'lower',
      target: { times: 0.5, peer: 'Hey API' },
    },
    {
      id: 'memory',
      title: 'Peak memory of generation',
      unit: 'MB',
      better: 'lower',
      target: { times: 1, peer: 'Hey API' },
    },
    {
      id: 'check',
      title: 'Type-check of 20 calls',
      unit: 'ms',
      better: 'lower',
      target: { times: 0.7, peer: 'Hey API' },
    },
    {
      id: 'bundle',
      title: 'Bundle of one call without authentication',
      unit: 'KB',
      better: 'lower',
      target: { value: 4.5 },
    },
    {
      id: 'bundle-auth',
      title: 'Bundle of one call with client credentials',
      unit: 'KB',
      better: 'lower',
      target: { value: 10 },
    },
    { id: 'overhead', title: 'Overhead of a call', unit: 'µs', better: 'lower', target: { value: 15 } },
  ],
  contestants: [
    { name: 'Sallyport', prepare: prepareOurs },
    { name: 'Hey API', package: '@hey-api/openapi-ts', prepare: prepareHeyApi },
    { name: 'openapi-typescript', package: 'openapi-typescript', prepare: prepareOpenapiTypescript },
    { name: 'swagger-typescript-api', package: 'swagger-typescript-api', prepare: prepareSwaggerTypescriptApi },
    { name: 'orval', package: 'orval', prepare: prepareOrval },
  ],
  peers: {
    '@hey-api/openapi-ts': '0.99.0',
    '@octokit/openapi': '23.0.2',
    'openapi-fetch': '0.17.0',
    'openapi-typescript': '7.13.0',
    orval: '8.38.0',
    'swagger-typescript-api': '13.13.0',
    typescript: '5.9.3',
  },
}
