import { code, type Inline, joined, said, strong } from '../inline.ts'
import { dayOf, duration, number } from './language.ts'

/** What developers fill in about apps, what they ask for, and what they are told of it. */

export const appForm = {
  register: 'Register',
  save: 'Save',
  cancel: 'Cancel',
  name: 'Name',
  nameHint: 'People read it when they are asked to agree to something.',
  kind: 'Kind',
  redirectUris: 'Redirect URIs',
  redirectUrisNeeded: 'not for a service or device',
  redirectUrisHint:
    'Where people come back to after signing in, exactly as your app will send it, one per line: https://…, or http:// on localhost. A native app may also use a scheme in reverse domain order, com.example.app:/callback.',
  exactly: 'Exactly as your app sends it, one per line.',
  verifiedFor:
    'An administrator has verified the app, and where these lead. Another host, or another scheme, makes it unverified as soon as it is saved, and policies that ask for verified apps deny it until it is verified again.',
  apis: (number: number) => (number === 1 ? 'API' : 'APIs'),
  showScopes: (chosen: boolean) => (chosen ? 'Show their scopes' : 'Show scopes'),
  noApi: 'There is no API yet that an app could call.',
  openToAll: (api: string) => said`${strong(api)} declares no scopes: any token for it opens all of it.`,
  chooseApi: 'Choose an API, and its scopes appear here.',
  mayAskFor: (api: string) => `What it may ask for: ${api}`,
  each: (verdict: string) => `Each of them: ${verdict}`,
  prospects: (kind: string, signedIn: boolean) =>
    `With what the access policies say now, for an unverified app of the kind “${kind}”${signedIn ? ', with you signed in' : ''}.`,
  softwareId: 'Software id',
  softwareIdHint:
    'Names the software, whoever installed it. An access policy may ask for one; it counts once an administrator has verified the app.',
  edit: (app: string) => `Edit ${app}`,
  takenAway: 'What you take away, the next token lacks, and so does the next refresh.',
  askForMore: 'Ask for more scopes',
}

export const keys = {
  label: 'Public keys',
  needed: {
    new: 'instead of a secret',
    first: 'instead of its secret',
    next: 'in place of those that it has',
  },
  hint: 'For an app with a server: it signs with its private key (private_key_jwt) and has no secret. A JWK, a JWK set, a public key as PEM, or the https address of a set that it publishes.',
  generate: 'Make a key pair here',
  fromFile: 'From a file',
  save: 'Save the private key again',
}

/** In the browser, where keys are made and read. */
export const keyPair = {
  made: (file: string) => `Made here. The private key is in the file ${file} that was just saved, and nowhere else.`,
  isPrivate: 'That is a private key. Keep it, and choose the public one.',
  readFrom: (file: string) => `Read from ${file}.`,
}

export const sharing = {
  title: 'Share or hand over',
  lead: 'An app belongs to one person. The members of a team, which is a group, manage it as well, and keep it when its owner leaves. Whoever has its secret, or its registration token, still has it when the app is another’s: make new ones.',
  verified:
    'An administrator has verified the app, and whose it is. Another owner, or another team, makes it unverified as soon as that is saved, and policies that ask for verified apps deny it until it is verified again.',
  vouched: 'It stays verified: as an administrator you vouch for whom you hand it to.',
  owner: 'Owner’s email address',
  team: 'Team',
  noTeam: 'none',
  limit: 'Limit who may use it',
  limitLead:
    'Only these people and members of these groups get tokens by it. Leave both empty for anyone. It counts from the next token on, and at the next refresh.',
  people: 'People',
  peopleHint: 'Email addresses, one per line.',
  groups: 'Groups',
  groupsHint: 'One per line.',
}

export const preview = {
  title: 'Token preview',
  lead: (app: string, byPerson: boolean) =>
    `What ${app} would get ${byPerson ? 'with someone signed in' : 'for itself'}, decided by the policies in force. Nothing is issued.`,
  noApi: 'The app is registered for no API that you see.',
  back: 'Back to the app',
  api: 'API',
  person: 'Who is signed in',
  network: 'From the address',
  networkHint: 'An IP address, for rules that ask for a network.',
  scopes: 'Scopes that it asks for',
  scopesHint: 'None: the default scopes.',
  preview: 'Preview',
  outcome: (granted: boolean) => (granted ? 'The token' : 'No token'),
  gets: (app: string, granted: boolean, api: string) =>
    granted ? `${app} gets a token for ${api}. ` : `${app} gets no token for ${api}. `,
  /** @param accessToken in seconds, as is `refreshToken`: none where nobody signs in */
  lifetimes: (accessToken: number, refreshToken: number | undefined) =>
    refreshToken === undefined
      ? `The token is good for ${duration(accessToken)}. `
      : `The token is good for ${duration(accessToken)}. Refreshed for at most ${duration(refreshToken)}. `,
  asks: (scopes: readonly string[]) => `The person is asked to agree to ${scopes.join(', ')}.`,
  claims: 'Claims of the access token',
  howDecided: 'How the policies decide',
}

export const scopeRequest = {
  title: 'Ask for more scopes',
  asked: 'Asked. The API’s owner decides; the answer appears here.',
  hasAll: (app: string) => `${app} is registered for every scope that there is.`,
  allAsked: 'Every scope that it lacks has been asked for, and waits for an answer.',
  preview: 'Preview its token',
  scopes: (api: string) => `Scopes of ${api}`,
  prospects: 'With what the access policies would say, once the app is registered for it.',
  reason: 'What for',
  reasonHint: (owner: string | undefined) => `${owner ?? 'An administrator'} reads it and decides.`,
  ask: 'Ask for them',
  before: 'Asked before',
  statuses: { pending: 'waits for an answer', approved: 'approved', rejected: 'rejected' },
}

export const scopeInbox = {
  title: 'Requests for scopes',
  approved: 'Approved: the app may ask for the scopes from now on.',
  rejected: 'Rejected.',
  noApis:
    'Whoever owns an API, as its access.yaml says, and administrators are asked for its scopes here. You own none.',
  none: 'Nobody waits for an answer.',
  decided: 'Decided',
  someoneGone: 'someone who left',
  asksFor: (app: string, scopes: readonly string[], api: string) =>
    said`${strong(app)} asks for ${joined(scopes.map(code), ', ')} of ${api}`,
  of: (clientId: string, verified: boolean) => said`${code(clientId)}, ${verified ? 'verified' : 'unverified'}`,
  prospect: (scope: string, person: string | undefined) =>
    said`${code(scope)}, once it is registered${person === undefined ? '' : ` and ${person} signs in`}: `,
  answer: 'Answer',
  approve: 'Approve',
  reject: 'Reject',
  statuses: { approved: 'Approved', rejected: 'Rejected' },
}

export const pipelines = {
  title: 'Tokens for pipelines',
  lead: 'With an initial access token, a program registers apps without a browser. The apps belong to you.',
  revoked: 'The token is revoked. Apps that were registered with it stay.',
  none: 'No tokens yet. Each registers apps until it expires or you revoke it.',
  until: (apis: readonly string[], at: number): Inline[] =>
    said`for ${apis.length === 0 ? 'every API that you see' : apis.join(', ')}, until ${dayOf(at)}`,
  revoke: 'Revoke',
  revoking: 'Whatever uses it registers no more apps. Those that it has registered stay.',
  new: 'New token',
  name: 'Name',
  nameHint: 'After what uses it: “CI of the intranet”.',
  apis: 'APIs',
  apisHint: 'Its apps may be registered for these. None: for every API that you see.',
  lasts: 'It lasts for',
  lifetimes: { 1: 'a day', 7: 'a week', 30: '30 days', 90: '90 days', 365: 'a year' },
  make: 'Make a token',
  registerWith: 'Register an app with it',
}

/** Why what was filled in isn't taken. */
export const refusals = {
  name: 'Give the app a name.',
  taken: (name: string) => `You have an app called ${name} already.`,
  apis: 'Choose at least one API.',
  redirectUris: 'Give at least one redirect URI.',
  scopesOf: (apis: readonly string[]) => `Choose the scopes of ${apis.join(' and ')}.`,
  registration: (error: string) => `The registration was refused (${error}).`,
  privateKey: 'This is a private key. Keep it, and paste the public one.',
  pem: 'This PEM can’t be read as a public key.',
  keys: 'Paste a JWK, a JWK set, a public key as PEM, or the address of a set.',
  keyCount: (most: number) => `Give 1 to ${number(most)} keys.`,
  keyKind: 'Each must be a public key: EC, RSA or Ed25519.',
  owner: (email: string) => `Nobody who can sign in has the address ${email}.`,
  ownsMany: (email: string, most: number) => `${email} has ${number(most)} apps already, as many as a person may have.`,
  team: 'Choose one of the groups that you are in.',
  email: (email: string) => `Nobody has the address ${email}.`,
  group: (group: string) => `There is no group ${group}.`,
  notRegistered: (app: string) => `${app} is not registered for this API.`,
  scopes: 'Choose at least one scope.',
  noScope: (api: string, scope: string) => `${api} has no scope ${scope}.`,
  hasScope: (app: string, scope: string) => `${app} is registered for ${scope} already.`,
  reason: 'Say what the scopes are for: the API’s owner decides by that.',
  longReason: (most: number) => `Keep the reason below ${number(most)} characters.`,
  asked: (scope: string) => `${scope} has been asked for, and waits for an answer.`,
  decided: 'Someone decided this meanwhile.',
  tokenName: 'Name it after what uses it.',
  longTokenName: (most: number) => `Keep the name below ${number(most)} characters.`,
  days: (most: number) => `It lasts for 1 to ${number(most)} days.`,
  tokens: (most: number) => `There are ${number(most)} already. Revoke one that is no longer used.`,
  preview: {
    api: (api: string) => `The app is not registered for ${api}.`,
    disabled: 'The app is disabled.',
    person: (email: string) => `${email} is disabled.`,
    nobody: 'Someone has to be signed in to this app.',
    scope: (scope: string) => `The app is not registered for the scope ${scope}.`,
  },
}
