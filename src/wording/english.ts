import { code, type Inline, joined, link, said, strong } from './inline.ts'

/**
 * Everything that the interface says, in English. A phrase is a string; a function where it takes names or numbers; an
 * {@link Inline} where some of it is code, a link or emphasised. What documents say isn't here, nor what programs read.
 */

export const language = 'en'

const numbers = new Intl.NumberFormat(language)
const dates = {
  medium: new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }),
  long: new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }),
}

/** `1 operation`, `1,223 operations`. */
function count(number: number, one: string, many = `${one}s`): string {
  return `${numbers.format(number)} ${number === 1 ? one : many}`
}

/** @param date as in ISO 8601 */
export function day(date: string, style: keyof typeof dates = 'medium'): string {
  return dates[style].format(new Date(date))
}

/** `a`, `a and b`, `a, b and c`; past `most`, the rest is counted. */
export function names(list: readonly string[], last: 'and' | 'or', most = Number.POSITIVE_INFINITY): Inline[] {
  const shown: Inline[] = list.slice(0, most).map(code)
  return joined(list.length <= most ? shown : [...shown, `${list.length - most} more`], ', ', ` ${last} `)
}

export const counted = {
  operations: (number: number) => count(number, 'operation'),
  fields: (number: number) => count(number, 'field'),
  scopes: (number: number) => count(number, 'scope'),
  tokensInForce: (number: number) => `${count(number, 'token')} in force`,
}

export const frame = {
  skip: 'Skip to content',
  portal: 'Portal',
  apis: 'APIs',
  apps: 'My apps',
  console: 'Console',
  signIn: 'Sign in',
  signOut: 'Sign out',
}

export const broken = {
  notFound: 'Not found',
  notHere: 'There is nothing at this address, or it isn’t for you to see.',
  failed: 'Something broke',
  notMade: 'This page could not be made. The server’s log has the reason; trying again may help.',
  tryAgain: 'Try again',
}

export const home = {
  lead: 'See what your app may call before you write a line of it, get a client that knows the same, and try it on a sandbox that enforces it.',
  register: 'Register an app',
  seenAs: 'The same call, seen as',
  holds: (scopes: readonly string[]) => said`holds ${code(scopes.join(' '))}`,
  someFields: 'Some fields of an employee',
  personas: { orgChart: 'Org chart', payroll: 'Payroll' },
}

const lifecycles = { draft: 'draft', stable: 'stable', deprecated: 'deprecated', retired: 'retired' }

export const catalog = {
  title: 'APIs',
  about: (portal: string) => `The APIs of ${portal}`,
  seeAll: 'See all APIs',
  none: 'No APIs yet.',
  add: said`Put a folder with an ${code('openapi.yaml')} into ${code('specs/')}; if it has no scopes, ${code('sallyport adopt ./specs')} proposes some.`,
  lifecycles,
  until: (date: string) => `until ${day(date)}`,
  noScopes: 'no scopes',
  tag: 'Tag',
  lifecycle: 'Lifecycle',
  any: 'any',
  mine: 'my apps can call',
  filter: 'Filter',
  noneMatches: 'No API matches.',
  noneOfMine: 'None of your apps can call these.',
  showAll: 'Show all',
  broken: (number: number) => `${count(number, 'document')} can’t be shown`,
}

export const api = {
  menu: (title: string) => `${title}: all operations`,
  overview: 'Overview',
  version: 'Version',
  versionIs: (version: string, lifecycle: keyof typeof lifecycles) => `${version}, ${lifecycles[lifecycle]}`,
  owner: 'Owner',
  servers: (number: number) => (number === 1 ? 'Server' : 'Servers'),
  variable: (name: string, value: string, others: readonly string[]) => [
    ...said`${code(`{${name}}`)} is ${code(value)}`,
    ...(others.length === 0 ? [] : [` (or ${others.join(', ')})`]),
  ],
  guides: 'Guides',
  document: 'Document',
  writtenAs: (version: string) => (version.startsWith('3.1') ? 'OpenAPI 3.1' : `OpenAPI 3.1, written as ${version}`),
  sdk: 'SDK',
  stale: 'The document has changed, and can’t be read',
  staleBecause: 'This is how it was before. Only administrators see this note.',
  ends: { retired: 'This version is retired', deprecated: 'This version is deprecated' },
  stops: 'It stops answering on',
  noScopes: 'No scopes',
  tokenOnly: 'This document asks for a token and says nothing of what one may do: whoever has one may call everything.',
  saysNothing: 'This document doesn’t say who may call what, so no app can be told what it may do.',
  propose: 'Propose some.',
  authentication: 'Authentication',
  operations: 'Operations',
  noOperations: 'This API has no operations.',
  webhooks: 'Webhooks',
  scopes: 'Scopes',
  schemas: 'Schemas',
  sdks: 'SDKs',
  marked: { deprecated: 'deprecated' },
}

const flows: Readonly<Record<string, readonly [name: string, use: string]>> = {
  authorizationCode: ['Authorization code', ', for an app that acts for someone who signs in'],
  clientCredentials: ['Client credentials', ', for a service that acts for itself'],
  deviceAuthorization: ['Device authorization', ', for a device without a browser'],
  implicit: ['Implicit', ', for old browser apps; new ones should use an authorization code with PKCE'],
  password: ['Password', ', which shows an app its user’s password; avoid it'],
}
const places = { header: 'header', query: 'query parameter', cookie: 'cookie' }

export const authentication = {
  none: 'The document describes no way to authenticate.',
  schemes: {
    oauth2: 'OAuth 2.0',
    openIdConnect: 'OpenID Connect',
    apiKey: 'A key',
    mutualTLS: 'A client certificate',
    bearer: 'A bearer token',
    basic: 'User name and password',
  },
  flow: (name: string) => {
    const [title, use] = flows[name] ?? [name, '']
    return said`${strong(title)}${use}.`
  },
  agree: (url: string) => said` People agree at ${code(url)}.`,
  tokensFrom: (url: string) => said` Tokens come from ${code(url)}.`,
  bearer: said`Send the access token with each call: ${code('Authorization: Bearer <token>')}.`,
  provider: (url: string) => said`The provider describes itself at ${code(url)}.`,
  key: (place: keyof typeof places, name: string) =>
    said`Send the key in the ${places[place]} ${code(name)}. A token doesn’t stand for it.`,
  certificate: 'Present a client certificate when you connect. A token doesn’t stand for it.',
  basic: said`Send ${code('Authorization: Basic <user:password in Base64>')}.`,
  other: (scheme: string) => said`Send ${code(`Authorization: ${scheme} …`)}.`,
  sandbox: (issuer: string) =>
    said`For the sandbox, tokens come from this portal: ${link('register an app', '/apps/new')}, and ask ${code(issuer)} for a token.`,
}

export const requirement = {
  label: 'What it takes',
  or: 'or',
  held: { open: ' (held)', scope: ' (not held)', shut: ' (not held)', unknown: ' (not known)' },
  nothing: 'nothing: anyone may call it',
  anyToken: 'a token, whatever its scopes',
  all: (parts: readonly (readonly Inline[])[]) => joined(parts, ' and '),
  tokenWith: (token: readonly Inline[], others: readonly Inline[]) => said`${token}, with ${others}`,
  holding: (scopes: readonly string[]) => said` holding ${names(scopes, 'and')}`,
  undescribed: (scheme: string) => said`credentials called ${code(scheme)}, which the document doesn’t describe`,
  key: (place: keyof typeof places, name: string) => said`the ${places[place]} ${code(name)}`,
  certificate: 'a client certificate',
  basic: 'a user name and password',
  http: (scheme: string) => said`HTTP ${code(scheme)} credentials`,
}

const MOST_NAMES = 6

export const verdicts = {
  notStated: 'The document doesn’t say who may call this.',
  open: (who: string, hidden: readonly string[]) => [
    ...said`${strong(who)} can call this.`,
    ...(hidden.length === 0 ? [] : said` It won’t see ${names(hidden, 'and', MOST_NAMES)}.`),
  ],
  closed: (who: string, because: readonly Inline[]) => said`${strong(who)} can’t call this. ${because}.`,
  lacks: (ways: readonly (readonly string[])[]) => said`It lacks ${anyOf(ways)}`,
  tokenWith: (ways: readonly (readonly string[])[]) => said`It takes a token with ${anyOf(ways)}`,
  token: 'It takes a token',
  beyondTokens: (credentials: readonly Inline[]) => said`It takes ${credentials}, which no scope stands for`,
  noPolicy: 'No policy grants anything here',
  rule: (rule: string, policy: string, why: readonly Inline[]) =>
    said`Rule ${strong(rule)} of policy ${strong(policy)} denies it: ${why}`,
  ruleTakes: (needs: string) => `it takes ${needs}`,
  anyone: 'Anyone can call this, without a token.',
  takes: (way: readonly Inline[], others: number) => [
    ...said`It takes ${way}`,
    others === 0 ? '.' : `, or ${others === 1 ? 'another way in' : count(others, 'other way in', 'other ways in')}.`,
  ],
  askFor: (scopes: readonly string[]) => said`Ask for ${code(scopes.join(' '))}`,
  /** In a row of a list. */
  short: {
    scopes: (scopes: readonly string[]) => `+ ${scopes.join(' ')}`,
    token: '+ a token',
    beyondTokens: 'denied: not by a token alone',
    noPolicy: 'denied: no policy',
    rule: (rule: string) => `denied: rule ${rule}`,
  },
  /** What a gate says to whoever can’t see it. */
  gates: { open: 'callable', scope: 'needs a scope', shut: 'denied', unknown: 'access not stated' },
}

function anyOf(ways: readonly (readonly string[])[]): Inline[] {
  return joined(
    ways.map((scopes) => names(scopes, 'and')),
    ', or ',
  )
}

export const lens = {
  label: 'Access lens',
  viewingAs: 'Viewing as',
  everything: 'everything',
  anyone: 'anyone',
  app: (name: string) => `${name} (app)`,
  theseScopes: 'these scopes…',
  aToken: 'a token…',
  apply: 'Apply',
  scopes: (chosen: number) => (chosen === 0 ? 'Scopes' : count(chosen, 'scope')),
  scopesLegend: 'Scopes',
  withThese: 'View with these scopes',
  token: 'A token of yours, as JWT',
  tokenStays: 'It is read here in the browser and sent nowhere; only its scopes reach the address.',
  noToken: 'That is no JWT with scopes. Choose its scopes instead.',
  opensNothing: (who: string, scope: string, opens: number, of: number) =>
    said`${who} can call nothing here. ${code(scope)} opens ${String(opens)} of ${String(of)}.`,
  sum: (callable: number, of: number, hidden: number) =>
    `${callable} of ${of} callable · ${count(hidden, 'field')} hidden`,
  link: 'Link to this view',
  copyLink: 'Copy link',
  copied: 'Copied',
  /** Subjects of a verdict. */
  subjects: {
    everything: 'Everything',
    anyone: 'Anyone',
    signedIn: (app: string, person: string) => `${app} with ${person} signed in`,
    noScopes: 'A token without scopes',
    scopes: 'A token with these scopes',
  },
  notYours: 'The app in this address isn’t one of yours. Everything is shown.',
  notRegistered: (app: string, title: string) => `${app} isn’t registered for ${title}.`,
}

export const operation = {
  deprecated: 'Deprecated.',
  untagged: 'Operations',
  description: 'Description',
  parameters: {
    path: 'Path parameters',
    query: 'Query parameters',
    querystring: 'Query string',
    header: 'Header parameters',
    cookie: 'Cookies',
  },
  body: 'Body',
  needed: (required: boolean) => (required ? 'required' : 'optional'),
  responses: 'Responses',
  aResponse: 'Response',
  responseMadeUp: 'Response, made up from the schema',
  response: (status: string) => `Response ${status}`,
  headers: 'Headers',
  headersOf: (status: string) => `Headers of ${status}`,
  fieldsOf: (name: string) => `Fields of ${name}`,
  noBody: 'No body.',
  stream: 'A stream; each item is:',
  example: (title: string) => `Example: ${title}`,
  anExample: 'Example',
  madeUp: 'made up from the schema',
  callbacks: 'Callbacks',
  callsYou: 'Calls that the API makes to you, during or after this one.',
  samples: 'Samples',
  sampleIn: 'Sample in',
  sample: (language: string) => `${language} sample`,
  tryIt: 'Try it',
  close: 'Close',
  needsScript: 'Calling from the page takes JavaScript; the samples above do without.',
  gets: (who: string, status: number, error: string | undefined, why: string) =>
    said`${who} gets ${code(error === undefined ? String(status) : `${status} ${error}`)}: ${why}`,
  withheld: 'withheld',
  moreLines: (number: number) => `… ${count(number, 'more line')}`,
  howDecided: 'How it was decided',
}

const MOST_ENUM_NAMES = 10

export const schema = {
  fields: 'Fields',
  usedBy: 'Used by',
  exampleOf: (name: string) => `Example of ${name}`,
  anyName: 'any name',
  item: (place: string) => `item ${place}`,
  option: (place: number) => `Option ${place}`,
  flags: { required: 'required', readOnly: 'read-only', writeOnly: 'write-only', deprecated: 'deprecated' },
  needs: (scopes: readonly string[], hidden: boolean) => said`${hidden ? 'hidden: ' : ''}needs ${names(scopes, 'and')}`,
  hidden: (scopes: readonly string[]) => said`Hidden: needs ${names(scopes, 'and')}.`,
  undescribed: 'not described',
  showFields: (number: number) => `Show ${count(number, 'field')}`,
  showChoices: 'Show choices',
  ofName: (name: string) => ` of ${name}`,
  fieldsOf: (name: string) => said`Fields of ${code(name)}`,
  fieldsOfName: (name: string) => `Fields of ${name}`,
  choices: { 'one of': 'Exactly one of', 'any of': 'One or more of', if: 'Depending on what it holds' },
  when: (property: string, value: string) => said`when ${code(property)} is ${code(value)}`,
  recursion: 'it holds itself',
  tooDeep: 'Its fields nest deeper than this page shows; the document has them.',
  oneOf: 'one of',
  more: (number: number) => ` and ${numbers.format(number)} more`,
  linkCopied: 'Link copied',
}

const units = {
  characters: (number: number) => count(number, 'character'),
  items: (number: number) => count(number, 'item'),
  entries: (number: number) => count(number, 'entry', 'entries'),
}

/** What a schema allows beyond its type: facts without a stop. */
export const constraints = {
  size: (unit: keyof typeof units, low: number | undefined, high: number | undefined) => {
    const of = units[unit]
    if (low !== undefined && low === high) return `exactly ${of(low)}`
    if (low !== undefined && high !== undefined) return `${low} to ${of(high)}`
    if (low !== undefined) return `at least ${of(low)}`
    return high === undefined ? '' : `at most ${of(high)}`
  },
  between: (low: number, high: number) => `${low} to ${high}`,
  atLeast: (number: number) => `at least ${number}`,
  moreThan: (number: number) => `more than ${number}`,
  atMost: (number: number) => `at most ${number}`,
  lessThan: (number: number) => `less than ${number}`,
  multipleOf: (number: number) => said`a multiple of ${code(String(number))}`,
  matches: (pattern: string) => said`matches ${code(pattern)}`,
  different: 'all different',
  defaultIs: (value: string) => said`default ${code(value)}`,
  namesMatch: (pattern: string) => said`names match ${code(pattern)}`,
  closed: 'no other fields',
  takes: (name: string, needed: readonly string[]) => said`${code(name)} takes ${names(needed, 'and')}`,
  contains: (least: number, most: number | undefined, type: string) => {
    const items = most === undefined ? `at least ${count(least, 'item')}` : `${least} to ${count(most, 'item')}`
    return said`${items} of type ${code(type)}`
  },
  encoded: (encoding: string) => said`encoded as ${code(encoding)}`,
  suchAs: (value: string) => said`such as ${code(value)}`,
  each: (fact: readonly Inline[]) => said`each: ${fact}`,
  not: {
    anything: 'nothing is valid',
    values: (values: readonly string[]) => said`none of ${names(values, 'or', MOST_ENUM_NAMES)}`,
    value: (value: string) => said`anything but ${code(value)}`,
    fields: (fields: readonly string[]) =>
      fields.length === 1 ? said`without ${names(fields, 'and')}` : said`not with ${names(fields, 'and')} together`,
    pattern: (pattern: string) => said`doesn’t match ${code(pattern)}`,
    type: (type: string) => said`not ${code(type)}`,
  },
}

export const scopes = {
  title: 'Scopes',
  lead: (api: string) => `What each scope of ${api} means, and which operations and fields take it.`,
  about: (api: string) => `The scopes of ${api}, and what each opens`,
  none: 'No scopes. The document doesn’t say who may call what.',
  mean: 'What they mean',
  open: 'What they open',
  held: (held: boolean) => (held ? ', held' : ', not held'),
  undeclared: ' used, but declared nowhere',
  opens: (operations: number, fields: number) =>
    fields === 0 ? count(operations, 'operation') : `${count(operations, 'operation')}, ${count(fields, 'field')}`,
  consent: { implicit: 'granted without asking', optional: 'people may decline', required: 'people are asked' },
}

export const matrix = {
  label: 'Scopes by operations and fields',
  find: 'Find',
  scope: 'Scope',
  all: 'all',
  filter: 'Filter',
  legend: '● needed, whichever way one gets in · ○ one of several ways in',
  rows: 'Operation or field',
  scopes: 'Scopes',
  field: 'field',
  cells: { needed: 'needed', 'one way': 'one way' },
  nothing: 'Nothing matches.',
  showAll: 'Show all',
}

export const search = {
  title: 'Search',
  label: 'Search operations, schemas, fields, scopes and guides',
  placeholder: 'Operations, schemas, fields, scopes, guides',
  results: 'Results',
  narrow: said`Narrow it: ${code('scope:')} ${code('method:')} ${code('api:')}`,
  how: said`Words find operations, schemas, fields, scopes and guides, also when they are slightly misspelt. ${code('scope:employees:read')}, ${code('method:post')} and ${code('api:people')} narrow the search; each may stand alone.`,
  searchFor: 'Search for',
  seenBy: (who: string) => said`As seen by ${strong(who)}.`,
  seenByAnyone: 'anyone',
  seenByScopes: 'a token with the chosen scopes',
  asNobody: 'As nobody in particular',
  found: (total: number) => count(total, 'result'),
  best: (shown: number, total: number) => `The best ${shown} of ${count(total, 'result')}`,
  nearest: 'Nothing matches. Nearest:',
  nothing: 'Nothing matches.',
  unreachable: 'The server can’t be reached. Press Enter to try the results page.',
  kinds: { api: 'API', operation: 'operation', schema: 'schema', field: 'field', scope: 'scope', guide: 'guide' },
  held: (held: boolean) => (held ? 'held' : 'not held'),
  needs: (scopes: readonly string[], hidden: boolean) => `${hidden ? 'hidden: ' : ''}needs ${scopes.join(' ')}`,
}

export const sdks = {
  title: 'SDKs',
  lead: (api: string) =>
    `A typed client for ${api} that gets and renews its own tokens, and knows which scopes each call takes.`,
  tarball: 'Download the tarball',
  program: (title: string) => `A first program: ${title}`,
}

export const webhooks = {
  callsYou: (summary: string | undefined, api: string) => `${summary ?? 'A webhook'}: ${api} calls you.`,
  expects: 'What it expects',
}
