import { code, link, plain, said } from '../inline.ts'
import { count, names, number } from './language.ts'

/** Calling an operation from its page. */
export const tryIt = {
  title: 'Try it',
  close: 'Close',
  needsScript: 'Calling from the page takes JavaScript; the samples above do without.',
  where: 'Where',
  places: { browser: 'in this browser', server: 'on the server' },
  send: 'Send',
  sending: 'Sending…',
  stop: 'Stop',
  copy: { link: 'Copy link', curl: 'Copy as curl', typescript: 'Copy as an SDK call' },
  copied: { link: 'Copied the link.', curl: 'Copied as curl.', typescript: 'Copied as an SDK call.' },
  reset: 'Reset the sandbox',
  isReset: 'The sandbox is as it was.',
  isTo: 'The sandbox is to',
  faults: {
    none: 'answer as the document says',
    tooMany: 'fail: too many requests',
    serverError: 'fail: server error',
    unavailable: 'fail: unavailable',
    slow: 'take two seconds',
    drop: 'drop the connection',
  },
  /** In traces: the audience of the sandbox in the browser. */
  thisSandbox: 'this sandbox',
}

export const tryCaller = {
  as: 'As',
  nobody: 'no one: no token',
  scopes: 'a token with scopes of my choice',
  persona: 'someone, in some app: the policies decide',
  app: (name: string) => `my app ${name}`,
  noApp: (register: string) => said`You have no app for this API. ${link('Register one', register)}`,
  signIn: (url: string) => said`${link('Sign in', url)} to call it as one of your apps.`,
  scopesOf: { token: 'Scopes of the token', request: 'Scopes to ask for' },
  device: 'A device signs in by a code of its own: run its program, or try it as another app.',
  returnHere: (app: string, redirectUri: string) =>
    said`To sign in here, ${link('add the redirect URI', app)} ${code(redirectUri)} to the app.`,
  secret: 'Client secret',
  secretStays: 'kept in this page’s memory only',
  person: 'Person',
  itself: 'nobody: the app acts for itself',
  member: (name: string, groups: readonly string[]) => (groups.length === 0 ? name : `${name} (${groups.join(', ')})`),
  kind: 'App',
  kinds: {
    service: 'a service',
    web: 'a web app',
    'single-page': 'a single-page app',
    native: 'a native app',
    device: 'a device',
  },
  verified: 'verified by an administrator',
  softwareId: 'Software id',
  network: 'Network',
  address: 'IP address, optional',
  grants: (policy: string, rule: string, scopes: readonly string[]) =>
    said`${policy} › ${rule} grants ${scopes.length === 0 ? 'no scopes' : code(scopes.join(' '))}.`,
  noToken: (reason: string) => `No token. ${reason}`,
}

/** The token in hand, and why there is none. */
export const tryToken = {
  title: 'Token in hand',
  holds: (scopes: number) => (scopes === 0 ? 'without scopes' : 'holds'),
  over: { expired: 'expired: the next call is refused', revoked: 'revoked: the next call is refused' },
  drop: 'Drop',
  dropScope: (scope: string) => `Drop ${scope}`,
  expire: 'Expire it',
  revoke: 'Revoke it',
  renew: 'New token',
  notHere: 'This app can’t get a token here.',
  fillInSecret: 'Fill in the app’s secret.',
  isOver: 'The token has run out. Send again for a new one.',
  noRefresh: 'The token has run out, and there is no refresh token. Authorize again.',
  blocked: 'The browser blocked the window in which you sign in. Allow it for this page.',
  closed: 'The window was closed before you were done.',
  wrongSecret: 'The authorization server doesn’t know this app, or its secret is wrong.',
  sandboxAnswered: (status: number) => `The sandbox answered ${status}.`,
}

/** The fields of the form. */
export const tryFields = {
  body: 'Body',
  file: 'File',
  text: 'Text',
  asForm: 'As a form',
  asJson: 'As JSON',
  note: (where: 'path' | 'query' | 'header', required: boolean) => (required ? where : `${where}, optional`),
  memberNote: ({ required, scopes }: { readonly required: boolean; readonly scopes: readonly string[] }) =>
    [...(required ? [] : ['optional']), ...(scopes.length === 0 ? [] : [needs(scopes)])].join(', '),
  key: 'key',
  list: (note: string | undefined) => (note === undefined ? 'list' : `list, ${note}`),
  item: (list: string, place: number) => `${list} ${number(place)}`,
  add: 'Add',
  addEntry: 'Add an entry: its name',
  addItem: (items: number) => (items === 0 ? 'Add an item' : 'Add another'),
  remove: 'Remove',
  removeField: (name: string) => `Remove ${name}`,
  oneOf: 'One of',
  notSent: 'not sent',
  fillIn: (name: string) => `Fill in ${name}.`,
  fillInBody: 'Fill in the body.',
  notJson: (reason: string) => `This isn’t JSON: ${reason}`,
  notForHeaders: (name: string) => `${name} has a character that no header can carry.`,
  /** @param pointer a JSON Pointer; empty: the whole body */
  mismatch: (pointer: string, detail: string) => `${pointer === '' ? 'The body' : pointer} ${detail}`,
}

/** What came back. */
export const tryAnswer = {
  took: (milliseconds: number) => (milliseconds < 1 ? '<1 ms' : `${number(Math.round(milliseconds))} ms`),
  ask: (scopes: readonly string[]) => said`Ask for ${code(scopes.join(' '))} and send again`,
  withheld: (fields: number) => (fields === 1 ? 'A field was withheld.' : `${count(fields, 'field')} were withheld.`),
  body: 'Response body',
  unknownType: 'unknown type',
  save: 'Save',
  howDecided: 'How it was decided',
  failed: (reason: string) => `The call could not be made: ${reason}`,
  noModel: (status: number) => `the model of the API can’t be read (${status})`,
  noPolicies: (status: number) => `the policies can’t be asked (${status})`,
  noOperation: 'the API no longer has this operation; load the page again',
  log: 'Log of the sandbox',
  dropped: 'dropped',
  nothingYet: {
    browser: 'Nothing yet: send something.',
    server: 'Nothing yet: it shows what your app’s token calls.',
  },
  past: (calls: number) => `Calls in this tab: ${number(calls)}`,
}

/** A body as it is shown, beside a contract as in try it. */
export const bodies = {
  whole: 'the body',
  item: 'item',
  withheld: 'withheld',
  withheldUntil: (scopes: readonly string[]) => (scopes.length === 0 ? 'withheld' : `withheld: ${needs(scopes)}`),
  moreLines: (lines: number) => `… ${count(lines, 'more line')}`,
}

/** The window in which one signed in for try it. */
export const tryCallback = {
  title: 'Back to Try it',
  closeWindow: 'The page that you came from has the answer now. You can close this window.',
  needsScript: 'Calling from a page takes JavaScript.',
}

function needs(scopes: readonly string[]): string {
  return `needs ${plain(names(scopes, 'and'))}`
}
