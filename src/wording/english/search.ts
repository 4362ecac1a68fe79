import { code, said } from '../inline.ts'
import { count } from './language.ts'

export const search = {
  title: 'Search',
  label: 'Search operations, schemas, fields, scopes and guides',
  placeholder: 'Operations, schemas, fields, scopes, guides',
  results: 'Results',
  narrow: said`Narrow it: ${code('scope:')} ${code('method:')} ${code('api:')}`,
  how: said`Words find operations, schemas, fields, scopes and guides, also when they are slightly misspelt. ${code('scope:employees:read')}, ${code('method:post')} and ${code('api:people')} narrow the search; each may stand alone.`,
  searchFor: 'Search for',
  found: (total: number) => count(total, 'result'),
  best: (shown: number, total: number) => `The best ${shown} of ${count(total, 'result')}`,
  nearest: 'Nothing matches. Nearest:',
  nothing: 'Nothing matches.',
  all: 'See all APIs',
  kinds: { api: 'API', operation: 'operation', schema: 'schema', field: 'field', scope: 'scope', guide: 'guide' },
  held: { open: 'held', scope: 'not held', shut: 'granted by no rule' },
}
