import type { Bench } from '../bench.ts'
import { prepareAccess } from './ours.ts'

export const bench: Bench = {
  title: 'Decisions and redaction',
  about:
    'GitHub’s document, which has no security schemes, with a generated overlay: 120 scopes, AND and OR mixed over all ' +
    'its operations. decide() is called on each operation with 1, 12 and 60 of the scopes; callable() goes through the whole ' +
    'API; minimalScopes() finds the fewest scopes for all of it. Redaction: a page of 1,000 employees of the People API, ' +
    'as parsed, without the scopes for salary, bonus and bank account, counted in bytes of its JSON.',
  metrics: [
    { id: 'decide', title: 'decide', unit: 'µs', better: 'lower', target: { value: 2 } },
    { id: 'callable', title: 'callable, all operations', unit: 'ms', better: 'lower', target: { value: 2 } },
    { id: 'minimal', title: 'minimalScopes, all operations', unit: 'ms', better: 'lower' },
    { id: 'redact', title: 'redact', unit: 'MB/s', better: 'higher', target: { value: 100 } },
  ],
  contestants: [{ name: 'Sallyport', prepare: prepareAccess }],
  // Not a rival: the document.
  peers: { '@octokit/openapi': '23.0.2' },
}
