import { code, joined, link, said, strong } from '../inline.ts'
import { count, day } from './language.ts'

const lifecycles = { draft: 'draft', stable: 'stable', deprecated: 'deprecated', retired: 'retired' }

export const catalog = {
  title: 'APIs',
  about: (portal: string) => `The APIs of ${portal}`,
  seeAll: 'See all APIs',
  seeAllOf: (number: number) => `See all ${count(number, 'API')}`,
  shown: (shown: number, of: number) => (shown === of ? count(of, 'API') : `${shown} of ${count(of, 'API')}`),
  moreTags: (tags: number) => `and ${count(tags, 'more tag')}`,
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
  contact: 'Contact',
  license: 'Licence',
  terms: 'Terms of service',
  servers: (number: number) => (number === 1 ? 'Server' : 'Servers'),
  variable: (name: string, value: string, others: readonly string[], about: string | undefined) => [
    ...said`${code(`{${name}}`)} is ${code(value)}`,
    ...(others.length === 0 ? [] : [` (or ${others.join(', ')})`]),
    ...(about === undefined ? [] : [`: ${about}`]),
  ],
  guides: 'Guides',
  document: 'Document',
  writtenAs: (version: string) => (version.startsWith('3.1') ? 'OpenAPI 3.1' : `OpenAPI 3.1, written as ${version}`),
  sdk: 'SDK',
  seeAlso: 'See also',
  asMarkdown: 'This page as Markdown',
  stale: 'The document has changed, and can’t be read',
  staleBecause: 'This is how it was before. Only administrators see this note.',
  ends: { retired: 'This version is retired', deprecated: 'This version is deprecated' },
  stops: (date: string, past: boolean) => `It ${past ? 'stopped' : 'stops'} answering on ${day(date, 'long')}.`,
  newest: (version: string, href: string) => said`Use ${link(version, href)} instead.`,
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

export const operation = {
  /** What GitHub's Markdown calls its alerts. */
  alerts: { NOTE: 'Note', TIP: 'Tip', IMPORTANT: 'Important', WARNING: 'Warning', CAUTION: 'Caution' },
  deprecated: 'Deprecated.',
  untagged: 'Operations',
  under: (parent: string, name: string) => `${parent} › ${name}`,
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
  errors: 'Errors',
  noResponses: 'The document describes none.',
  aResponse: 'Response',
  responseMadeUp: 'Response, made up from the schema',
  response: (status: string) => `Response ${status}`,
  headers: 'Headers',
  headersOf: (status: string) => `Headers of ${status}`,
  links: 'Leads to',
  linkWith: (parameters: readonly (readonly [name: string, value: string])[], body: string | undefined) =>
    said`with ${joined([...parameters.map(([name, value]) => said`${code(name)} from ${code(value)}`), ...(body === undefined ? [] : [said`a body from ${code(body)}`])], ', ')}`,
  ownServers: (number: number) => (number === 1 ? 'Server of this operation' : 'Servers of this operation'),
  elsewhere: 'It is kept elsewhere:',
  fieldsOf: (name: string) => `Fields of ${name}`,
  noBody: 'No body.',
  stream: 'A stream; each item is:',
  anExample: 'Example',
  example: (title: string) => `Example: ${title}`,
  madeUp: 'made up from the schema',
  callbacks: 'Callbacks',
  callsYou: 'Calls that the API makes to you, during or after this one.',
  samples: 'Samples',
  sampleIn: 'Sample in',
  sample: (language: string) => `${language} sample`,
  ownValues: (own: readonly (readonly [name: string, value: string])[]) =>
    own.length === 0
      ? said`Your own values`
      : said`Your values: ${joined(
          own.map(([name, value]) => [code(name), ' ', code(value)]),
          ', ',
        )}`,
  ownValuesFor:
    'They stand in the samples of every operation that takes them, and in try it. An empty one is the example again.',
  useValues: 'Use these',
  forgetValues: 'Forget all',
  getsNoToken: (who: string) => said`${who} gets no token for this.`,
  /** @param who undefined: anyone */
  gets: (who: string | undefined, status: number, error: string | undefined, why: string) =>
    said`${who === undefined ? 'Without a token one' : who} gets ${code(error === undefined ? String(status) : `${status} ${error}`)}: ${why}`,
}

/** How values are written in a call: facts without a stop. */
export const serialisation = {
  as: (type: string) => said`as ${code(type)}`,
  writtenAs: (text: string) => said`written as ${code(text)}`,
  reserved: ['reserved characters as they are'],
  example: (value: string, meaning: string) => said`such as ${code(value)} (${meaning})`,
}

export const scopes = {
  title: 'Scopes',
  lead: (api: string) => `What each scope of ${api} means, and which operations and fields take it.`,
  about: (api: string) => `The scopes of ${api}, and what each opens`,
  none: 'No scopes. The document doesn’t say who may call what.',
  mean: 'What they mean',
  open: 'What they open',
  held: { open: ', held', scope: ', not held', shut: ', granted by no rule' },
  undeclared: ' used, but declared nowhere',
  opens: (operations: number, fields: number) =>
    [
      ...(operations > 0 || fields === 0 ? [count(operations, 'operation')] : []),
      ...(fields > 0 ? [count(fields, 'field')] : []),
    ].join(', '),
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

export const sdks = {
  title: 'SDKs',
  lead: (api: string) =>
    `A typed client for ${api} that gets and renews its own tokens, and knows which scopes each call takes.`,
  about: (api: string) => `SDKs for ${api}`,
  whole: (scopes: boolean) =>
    `The whole API.${scopes ? ' Choose scopes below, and the compiler refuses what they don’t open.' : ''}`,
  narrowed: (app: string | undefined, whole: string) =>
    said`Made for ${strong(app === undefined ? 'the chosen scopes' : `what ${app} may call`)}: the compiler refuses any other call. ${link('The whole API instead', whole)}`,
  install: 'Install',
  fromTarball: 'From its tarball; an app’s own scopes come from the registry.',
  tarball: 'Download the tarball',
  bundled: 'A program bundles the calls that it makes: one, with client credentials, comes to about 8 kB.',
  program: (title: string) => `A first program: ${title}`,
  firstProgram: 'First program',
  yourApps: 'Made for your apps',
  noApp: (register: string) =>
    said`An app has a package of its own, with its scopes built in: ${link('register one', register)}.`,
  chooseScopes: 'Choose scopes',
  mayUse: 'The SDK may use',
  show: 'Show this SDK',
}

export const webhooks = {
  callsYou: (summary: string | undefined, api: string) => `${summary ?? 'A webhook'}: ${api} calls you.`,
  expects: 'What it expects',
}
