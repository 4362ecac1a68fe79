import { code, type Inline, joined, link, said, strong } from '../inline.ts'
import { count, names, number } from './language.ts'

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
  http: (scheme: string) => `HTTP ${scheme}`,
  flow: (name: string) => {
    const [title, use] = flows[name] ?? [name, '']
    return said`${strong(title)}${use}.`
  },
  agree: (url: string) => said` People agree at ${code(url)}.`,
  tokensFrom: (url: string) => said` Tokens come from ${code(url)}.`,
  refreshedAt: (url: string) => said` They are renewed at ${code(url)}.`,
  devicesAt: (url: string) => said` A device asks for its code at ${code(url)}.`,
  describedAt: (url: string) => said`The authorization server describes itself at ${code(url)}.`,
  format: (format: string) => said`Its format is ${code(format)}.`,
  deprecated: 'Deprecated: use another way where there is one.',
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
  held: { open: ' (held)', scope: ' (not held)', shut: ' (denied)', unknown: ' (not known)' },
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
  /** @param who undefined: anyone. @param together whether one token shows all that isn't hidden */
  open: (who: string | undefined, hidden: readonly string[], together: boolean) => [
    ...said`${strong(who ?? 'Anyone')} can call this.`,
    ...(hidden.length === 0
      ? []
      : said` ${who === undefined ? 'Without a token they' : 'It'} won’t see ${names(hidden, 'and', MOST_NAMES)}.`),
    ...(together ? [] : [` No one token shows it all ${hidden.length === 0 ? 'fields' : 'the others'}.`]),
  ],
  closed: (who: string | undefined, because: readonly Inline[]) =>
    said`${who === undefined ? said`${strong('Not everyone')} can` : said`${strong(who)} can’t`} call this. ${because}.`,
  /** @param problem a sentence: why it gets no token at all */
  barred: (who: string, problem: readonly Inline[]) => said`${strong(who)} can’t call this. ${problem}`,
  lacks: (ways: readonly (readonly string[])[]) => said`It lacks ${anyOf(ways)}`,
  tokenWith: (ways: readonly (readonly string[])[]) => said`It takes a token with ${anyOf(ways)}`,
  token: 'It takes a token',
  beyondTokens: (credentials: readonly Inline[]) => said`It takes ${credentials}, which no scope stands for`,
  noPolicy: 'No policy grants anything here',
  unassigned: 'The app is limited to some people, and who is signed in isn’t one of them',
  rule: (rule: string, policy: string, why: readonly Inline[]) =>
    said`Rule ${strong(rule)} of policy ${strong(policy)} denies it: ${why}`,
  ungranted: (scopes: readonly string[]) =>
    said`No rule grants ${names(scopes, 'and')}${scopes.length === 1 ? '' : ' together'} here`,
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
    unassigned: 'denied: not assigned',
    rule: (rule: string) => `denied: rule ${rule}`,
    noRule: 'denied: no rule',
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
  apply: 'Apply',
  scopes: (chosen: number) => (chosen === 0 ? 'Scopes' : count(chosen, 'scope')),
  scopesLegend: 'Scopes',
  withThese: 'View with these scopes',
  token: 'A token of yours, as JWT',
  tokenStays: 'It is read here in the browser and sent nowhere; only its scopes reach the address.',
  /** @param who undefined: anyone */
  opensNothing: (who: string | undefined, scope: string, opens: number, of: number) =>
    said`${who === undefined ? 'Without a token nothing can be called' : `${who} can call nothing`} here. ${code(scope)} opens ${number(opens)} of ${number(of)}.`,
  /** @param unstated operations of which the document doesn't say who may call them */
  sum: (callable: number, of: number, hidden: number, unstated: number) =>
    `${number(callable)} of ${number(of)} callable${unstated === 0 ? '' : ` · ${number(unstated)} not stated`} · ${count(hidden, 'field')} hidden`,
  link: 'Link to this view',
  seenBy: (who: readonly Inline[]) => said`As seen by ${who}.`,
  seenByAnyone: 'anyone',
  tokenWith: (scopes: readonly string[]) =>
    scopes.length === 0 ? ['a token without scopes'] : said`a token with ${names(scopes, 'and', MOST_NAMES)}`,
  asNobody: 'As nobody in particular',
  /** Of one API among others. */
  callable: (callable: number, of: number) => `${number(callable)} of ${number(of)} callable`,
  seen: (who: string, scopes: readonly string[], note: readonly Inline[], sum: readonly Inline[]) =>
    said`Viewing as: ${strong(who)}${scopes.length === 0 ? '' : said` (${names(scopes, 'and')})`}. ${note.length === 0 ? '' : said`${note} `}${sum}`,
  /** Subjects of a verdict. */
  subjects: {
    everything: 'Everything',
    anyone: 'Anyone',
    signedIn: (app: string, person: string) => `${app} with ${person} signed in`,
    noScopes: 'A token without scopes',
    scopes: 'A token with these scopes',
  },
  unknown: (asked: string) =>
    said`The address asks for the view ${code(asked)}, which isn’t known here. Everything is shown instead.`,
  notYours: (app: string) =>
    said`The address asks for the view of the app ${code(app)}, which isn’t one of yours. Everything is shown instead.`,
  signIn: 'Sign in',
  notRegistered: (app: string, title: string) => said`${app} isn’t registered for ${title}.`,
  disabled: (app: string) => said`${app} is disabled: it gets no tokens.`,
  noSuchScopes: (scopes: readonly string[], title: string) =>
    said`${names(scopes, 'and', MOST_NAMES)} ${scopes.length === 1 ? 'is no scope' : 'are no scopes'} of ${title}.`,
}
