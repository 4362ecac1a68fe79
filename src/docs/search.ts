import MiniSearch, { type SearchResult as MiniSearchResult } from 'minisearch'
import type { ApiModel } from '../model/api.ts'
import { counted, plain, search as say, schema } from '../wording/wording.ts'
import type { Gate } from './gate.ts'
import { type Lens, type LensApp, type Viewer, viewer } from './lens.ts'
import { apiLinks } from './links.ts'
import { operationsWith } from './schema-page.ts'
import { parseQuery, type SearchQuery, takesScope } from './search-query.ts'
import { type FoundGuide, type SearchRecord, type SearchTarget, searchRecords } from './search-records.ts'
import { verdict } from './verdict.ts'
import { calling, withheld } from './withheld.ts'

export interface SearchResult {
  readonly kind: SearchTarget['kind']
  readonly title: string
  readonly place?: string
  readonly text?: string
  readonly api: { readonly name: string; readonly title: string }
  readonly href: string
  readonly gate?: Gate
  /** As in a verdict: whether the gate judges someone. */
  readonly judged: boolean
  /** What the gate says, in words; empty where there is nothing to say. */
  readonly access: string
}

export interface SearchPage {
  /** Best first, at most {@link MOST}. */
  readonly results: readonly SearchResult[]
  readonly total: number
  /** Only where nothing was found: what comes close, if anything does. */
  readonly nearest: readonly SearchResult[]
}

/** Where to search, and as whom. Holds what this reader may see, and nothing else. */
export interface SearchContext {
  readonly apis: readonly { readonly model: ApiModel; readonly guides: readonly FoundGuide[] }[]
  readonly lens: Lens
  readonly apps: readonly LensApp[]
}

const MOST = 50
const NEAREST = 3
/** Records that are indexed before others get their turn: some milliseconds. */
const STEP = 100

/** What people look for first. */
const WEIGHT = { api: 1.4, operation: 1.3, scope: 1.2, guide: 1.1, schema: 1, field: 0.7 } as const

interface Hit {
  readonly record: SearchRecord
  readonly model: ApiModel
  readonly likeness: number
  readonly score: number
}

/** Whatever a search engine scores: what was typed comes before what was probably meant, and an address finds its operation. */
const LIKENESS = { misspelt: 0, spelt: 1, address: 2 }

export async function search(text: string, context: SearchContext): Promise<SearchPage> {
  const query = parseQuery(text)
  const apis = context.apis.filter(
    ({ model }) =>
      query.apis.length === 0 ||
      query.apis.some((name) => model.name.startsWith(name) || model.title.toLowerCase().startsWith(name)),
  )
  const indexes = await Promise.all(
    apis.map(async ({ model, guides }) => ({ model, index: await indexOf(model, guides) })),
  )
  const find = (how: 'exactly' | 'nearly'): Hit[] =>
    indexes
      .flatMap(({ model, index }) => hits(index, query, how).map((hit): Hit => ({ ...hit, model })))
      .sort((a, b) => b.likeness - a.likeness || b.score - a.score)
  const empty = query.words === '' && query.scopes.length + query.methods.length + query.apis.length === 0
  const found = empty ? [] : find('exactly')
  const near = empty || found.length > 0 ? [] : find('nearly')
  const result = resultsFor(context)
  return {
    results: found.slice(0, MOST).map(result),
    total: found.length,
    nearest: near.slice(0, NEAREST).map(result),
  }
}

interface Index {
  readonly records: readonly SearchRecord[]
  readonly words: MiniSearch
}

/** By the model that the reader may see: a changed document, or another reader's view of it, has an index of its own. */
const indexes = new WeakMap<ApiModel, Promise<Index>>()

function indexOf(model: ApiModel, guides: readonly FoundGuide[]): Promise<Index> {
  const index = indexes.get(model) ?? build(model, guides)
  indexes.set(model, index)
  return index
}

/** In small steps: a large document takes a second, and nobody else's page waits for it. */
async function build(model: ApiModel, guides: readonly FoundGuide[]): Promise<Index> {
  const records: SearchRecord[] = []
  const words = new MiniSearch({ fields: ['title', 'place', 'names', 'text'], tokenize })
  let waiting: (Omit<SearchRecord, 'target'> & { id: number })[] = []
  const flush = async (): Promise<void> => {
    words.addAll(waiting)
    waiting = []
    await new Promise(setImmediate)
  }
  for (const record of searchRecords(model, guides)) {
    const { target: _, ...fields } = record
    waiting.push({ ...fields, id: records.push(record) - 1 })
    if (waiting.length === STEP) await flush()
  }
  await flush()
  return { records, words }
}

/** Slips of the keyboard that are forgiven: two letters changing places are two. */
function edits({ length }: string): number | false {
  return length < 4 ? false : length < 6 ? 1 : 2
}

/** How far from what was typed a word may be that is offered where nothing was found: a third of its letters. */
function distance({ length }: string): number | false {
  return length < 3 ? false : Math.round(length / 3)
}

/** Words, and the parts of identifiers: `createEmployee` is found by `employee`, and as itself. */
function tokenize(text: string): string[] {
  return text.split(/[^\p{L}\p{N}]+/u).flatMap((word) => {
    const parts = word.split(/(?<=\p{Ll})(?=\p{Lu})/u)
    return parts.length > 1 ? [...parts, word] : parts
  })
}

function hits({ records, words }: Index, query: SearchQuery, how: 'exactly' | 'nearly'): Omit<Hit, 'model'>[] {
  const { methods, scopes } = query
  const keep = ({ target }: SearchRecord): boolean => {
    const operation = target.kind === 'operation' ? target.operation : undefined
    if (methods.length > 0 && (operation === undefined || !methods.includes(operation.method))) return false
    return scopes.every((scope) => {
      if (operation !== undefined) return takesScope(operation, scope)
      if (target.kind === 'scope') return target.scope.name.startsWith(scope)
      return target.kind === 'field' && target.scopes.some((name) => name.startsWith(scope))
    })
  }
  const near = how === 'nearly'
  if (query.words === '')
    return near
      ? []
      : records.filter(keep).map((record) => ({ record, likeness: LIKENESS.spelt, score: WEIGHT[record.target.kind] }))
  const found = words.search(query.words, {
    prefix: true,
    fuzzy: near ? distance : edits,
    combineWith: near ? 'OR' : 'AND',
    boost: { title: 4, place: 0.5, names: 2 },
  })
  return found.flatMap((hit) => {
    const record = records[hit.id as number]
    if (record === undefined || !keep(record)) return []
    const old = record.target.kind === 'operation' && record.target.operation.deprecated
    const likeness = isAddress(query.words, record)
      ? LIKENESS.address
      : isSpelt(hit)
        ? LIKENESS.spelt
        : LIKENESS.misspelt
    return [{ record, likeness, score: hit.score * WEIGHT[record.target.kind] * (old ? 0.6 : 1) }]
  })
}

/** `/employees`, `GET /employees`; `issues/create`, however it is written: `issuesCreate`, `issues.create`, `issues create`. */
function isAddress(words: string, { target }: SearchRecord): boolean {
  if (target.kind !== 'operation') return false
  const { method, path, operationId = '', id, sdk } = target.operation
  const typed = words.toLowerCase()
  if (path.toLowerCase() === typed || `${method} ${path}`.toLowerCase() === typed) return true
  const spoken = letters(typed)
  const names = [operationId, id, [...sdk.resource, sdk.method].join('.')]
  return spoken !== '' && names.some((name) => letters(name.toLowerCase()) === spoken)
}

function letters(name: string): string {
  return name.replace(/[^\p{L}\p{N}]+/gu, '')
}

/** Whether each word, or its beginning, is there as it was typed. */
function isSpelt({ queryTerms, terms }: MiniSearchResult): boolean {
  return queryTerms.every((typed) => terms.some((term) => term.startsWith(typed)))
}

function resultsFor({ lens, apps }: SearchContext): (hit: Hit) => SearchResult {
  const viewers = new Map<ApiModel, Viewer>()
  return ({ record, model }) => {
    const seen = viewers.get(model) ?? viewer(lens, model, apps)
    viewers.set(model, seen)
    const { target, title, place, text } = record
    return {
      kind: target.kind,
      title,
      ...(place !== undefined && { place }),
      ...(text !== undefined && { text }),
      api: { name: model.name, title: model.title },
      href: address(target, model, seen),
      ...access(target, model, seen),
    }
  }
}

function address(target: SearchTarget, model: ApiModel, { lens }: Viewer): string {
  const links = apiLinks(model.name, lens)
  switch (target.kind) {
    case 'api':
      return links.overview
    case 'operation':
      return links.operation(target.operation.id)
    case 'schema':
      return links.schema(target.schema)
    case 'field':
      return links.field(target.schema, target.field)
    case 'scope':
      return links.scope(target.scope.name)
    case 'guide':
      return links.guide(target.guide)
  }
}

function access(target: SearchTarget, model: ApiModel, seen: Viewer): Pick<SearchResult, 'gate' | 'judged' | 'access'> {
  if (target.kind === 'operation') {
    const { gate, judged, sentence } = verdict(target.operation, seen, model.schemes)
    return { gate, judged, access: plain(sentence) }
  }
  if (target.kind === 'api') return { judged: false, access: counted.operations(model.operations.length) }
  if (target.kind === 'scope' && seen.credentials !== undefined) {
    const gate = withheld([target.scope.name], seen)?.gate ?? 'open'
    return { gate, judged: true, access: say.held[gate] }
  }
  if (target.kind !== 'field' || target.scopes.length === 0) return { judged: false, access: '' }
  const needs = plain(schema.needs(target.scopes))
  if (seen.credentials === undefined) return { gate: 'scope', judged: false, access: needs }
  const shut = withheld(target.scopes, calling(operationsWith(target.schema, model), seen))
  if (shut === undefined) return { gate: 'open', judged: true, access: needs }
  return { gate: shut.gate, judged: true, access: plain(schema.because(schema.withheld[target.carrier], shut.why)) }
}
