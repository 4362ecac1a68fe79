import type { Bench } from '../bench.ts'
import { prepareOurs } from './ours.ts'
import { prepareBundle, prepareOpenapiTypescript } from './peers.ts'

export const bench: Bench = {
  title: 'Compiling a document',
  about:
    'GitHub’s document (13 MB, some 1,200 operations), in a process of its own, from its start to its end. Ours reads, ' +
    'checks the structure, upgrades, builds the model, looks for what is wrong about access, and writes model and document; ' +
    'openapi-typescript’s command line writes types; Redocly’s bundle only reads and resolves. From the cache is what a ' +
    'server does at a later start, in its own process. The exponent is of time over bytes, from parts of the document of ' +
    '0.1 MB to one of 20 MB: 1 is linear.',
  metrics: [
    {
      id: 'cold',
      title: 'Cold',
      unit: 'ms',
      better: 'lower',
      target: { times: 0.4, peer: 'openapi-typescript' },
    },
    {
      id: 'bundle',
      title: 'Cold, beside bundling alone',
      unit: 'ms',
      better: 'lower',
      target: { times: 2.5, peer: 'Redocly bundle' },
    },
    { id: 'memory', title: 'Peak memory', unit: 'MB', better: 'lower', target: { times: 1.5, peer: 'Redocly bundle' } },
    { id: 'cached', title: 'From the cache', unit: 'ms', better: 'lower', target: { value: 150 } },
    { id: 'exponent', title: 'Growth, exponent', unit: '', better: 'lower', target: { value: 1 } },
  ],
  contestants: [
    { name: 'Sallyport', prepare: prepareOurs },
    { name: 'openapi-typescript', package: 'openapi-typescript', prepare: prepareOpenapiTypescript },
    { name: 'Redocly bundle', package: '@redocly/openapi-core', prepare: prepareBundle },
  ],
  peers: {
    '@octokit/openapi': '23.0.2',
    '@redocly/openapi-core': '2.64.0',
    'openapi-typescript': '7.13.0',
    typescript: '5.9.3',
  },
}
