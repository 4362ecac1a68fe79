import { code, type Inline, joined, link, said } from '../inline.ts'
import { count, dayOf, moment, number } from './language.ts'

/** What developers read of the apps that they have. What they fill in is in {@link ./app-forms.ts}. */

export const apps = {
  title: 'My apps',
  register: 'Register an app',
  none: 'No apps yet. An app has a client id, and calls the APIs that you choose for it.',
  done: {
    deleted: 'The app is deleted.',
    handedOver: 'The app is handed over, and no longer yours to manage.',
  },
  of: (kind: string, apis: readonly string[], disabled: boolean) =>
    `${kind} for ${apis.join(', ')}${disabled ? ', disabled' : ''}`,
  neverCalled: 'Never called',
  lastCall: (at: number) => said`Last call ${moment(at)}`,
  elsewhere: said`${link('Tokens for pipelines', '/apps/tokens')}, which register apps without a browser. ${link('Requests for scopes', '/apps/requests')} of APIs that you own.`,
}

const kinds = {
  service: {
    label: 'Service',
    description: 'Runs on a server and acts for itself, with nobody signed in. It has a secret.',
  },
  web: {
    label: 'Web app',
    description:
      'Runs on a server and acts for the people who sign in to it. It has a secret, which browsers never see.',
  },
  'single-page': {
    label: 'Single-page app',
    description: 'Runs in the browser of whoever signs in to it. It can’t keep a secret, and has none.',
  },
  native: {
    label: 'Native app',
    description: 'Runs on a desktop or phone, or in a terminal, for whoever signs in to it. It has no secret.',
  },
  device: {
    label: 'Device',
    description:
      'Has no browser, or no keyboard: people sign in on another device, with a code that it shows. It has no secret.',
  },
}

export const app = {
  kinds,
  notices: {
    registered: 'Registered.',
    saved: 'Saved.',
    unverified:
      'Saved. It leads to a place that nobody has checked, and is unverified until an administrator verifies it again.',
    handedOver:
      'Saved. Nobody has checked whose it is now, and it is unverified until an administrator verifies it again.',
    secret: 'The new secret is in force.',
    revoked: 'All its tokens are revoked.',
    undone: 'That can’t be done with this app as it is now. Edit it: what stands in the way is said there.',
  },
  disabled: 'Disabled',
  disabledMeans: 'It gets no tokens, and those it has are refused.',
  goesWith: (clientId: string) => said`It goes with the client id ${code(clientId)}.`,
  sentTo: 'at',
  facts: {
    clientId: 'Client id',
    kind: 'Kind',
    owner: 'Owner',
    registered: 'Registered',
    scopes: 'Scopes',
    redirectUris: 'Redirect URIs',
    keys: 'Public keys',
    softwareId: 'Software id',
  },
  kind: (kind: string, verified: boolean) => `${kind}, ${verified ? 'verified' : 'unverified'}`,
  owner: (name: string, team: string | undefined) => (team === undefined ? name : `${name}, with the team ${team}`),
  anOperator: 'an operator',
  nobody: 'nobody any more',
  noScopes: 'none',
  keysAt: (address: string) => said`those at ${code(address)}`,
  signs: 'It signs',
  signsHow:
    'It has no secret: at the token endpoint it proves who it is with its private key (private_key_jwt, RFC 7523). Any OAuth client that can do so will do.',
  mayCall: 'What it may call',
  preview: (address: string) =>
    said`${link('Preview its token', `${address}/preview`)}: what the access policies leave of these scopes, and why. ${link('Ask for more scopes', `${address}/request`)}.`,
  unseen: (apis: readonly string[]) => `Registered for ${apis.join(', ')}, which you don’t see.`,
}

/** The one time that a secret or a token is shown. */
export const shownOnce = {
  things: {
    secret: { name: 'secret', title: 'Copy the secret now' },
    token: { name: 'token', title: 'Copy the token now' },
    readToken: { name: 'read token', title: 'Copy the read token now' },
    registrationToken: { name: 'registration token', title: 'Copy the registration token now' },
  },
  why: 'It is shown this once, and kept here only as a fingerprint. If you lose it, make a new one.',
}

export const getStarted = {
  title: 'Get started',
  with: (api: string, others: readonly Inline[]) => said`With ${api}. Or with ${joined(others, ', ')}.`,
  restricted: (api: string) =>
    said`Not everyone may see all of ${api}: its SDK takes a ${link('read token', '#read-tokens')}.`,
  install: 'Install the SDK made for this app.',
  terminal: 'Terminal',
  others: 'With pnpm or Yarn',
  identity: 'Say who the app is.',
  secretGone: 'The secret was shown once; without it, make a new one below.',
  call: 'Call the API.',
  run: 'Run it, with Node.js 24.',
  noCall: (address: string) =>
    said`With these scopes, no call works without arguments: ${link('choose one', address)}.`,
  signIn: {
    inBrowser: 'Have whoever uses the app sign in, and call the API: on the page at the redirect URI.',
    onThePage: 'On the page',
    onThisMachine: 'Have whoever uses the app sign in with their browser, and call the API.',
    onAnotherDevice: 'Have whoever uses the app sign in on another device, and call the API.',
    start: 'Send whoever uses the app to sign in.',
    toSignIn: 'To sign in',
    finish: 'Where they come back, take their tokens, and call the API. The client refreshes them by itself.',
    atTheRedirectUri: 'At the redirect URI',
  },
}

/** Also in the browser, while the app's page waits. */
export const firstCall = {
  waiting: 'Waiting for your first call…',
  /** @param at milliseconds since the epoch */
  last: (status: number, operation: string, api: string, at: number) =>
    `Last call: ${status} · ${operation} · ${api} · ${moment(at).text}`,
  again: 'Check again',
}

export const reach = {
  sum: (can: number, of: number, someHidden: boolean) =>
    `${number(can)} of ${count(of, 'operation')}. ${someHidden ? 'Some fields stay hidden. ' : ''}Access policies may leave a token with less.`,
  all: (operations: number) => `All ${number(operations)}`,
  cannot: (operations: number) => `${number(operations)} that it can’t call`,
  allOfThem: 'All of them',
  callable: ', callable',
  hidden: 'hidden:',
  more: (fields: number) => ` and ${number(fields)} more`,
}

export const activity = {
  title: 'Activity',
  when: 'When',
  what: 'What',
  who: 'Who',
  detail: 'Detail',
}

export const readTokens = {
  title: 'Read tokens',
  lead: 'Some of what this app may call isn’t public, so its SDK isn’t either: whoever downloads it shows a read token. It opens nothing else.',
  environment:
    'npm, pnpm and Yarn read the token from the environment. So does curl: -H "Authorization: Bearer $SALLYPORT_READ_TOKEN".',
  madeUntil: (made: number, until: number) => said`Made ${dayOf(made)}, good until ${dayOf(until)}`,
  madeAt: (made: number) => ` the one made ${dayOf(made).text}`,
  revoke: 'Revoke',
  revoking: 'Whatever installs the SDK with it can’t do so any more, until it is given another.',
  revokeNow: 'Revoke this token',
  make: 'Make a read token',
}

export const manage = {
  title: 'Manage',
  edit: 'Edit it',
  actions: {
    'new-registration-token': {
      title: 'Let a pipeline manage it',
      text: 'With a registration access token a program reads, changes and deletes this app (RFC 7592). A new one takes the place of any that it had, also of the one that the app was registered with.',
      button: () => 'Make a registration token',
    },
    'replace-keys': {
      title: 'Give it a secret instead of its keys',
      text: 'A secret, which is shown once, takes the place of its keys: what they sign is refused from now on. Tokens that the app already holds last until they expire.',
      button: () => 'Make a secret',
    },
    revoke: {
      title: 'Revoke its tokens',
      text: 'Every token that it holds is refused from now on, and everyone who signed in to it must do so again. It may ask for new ones.',
      button: () => 'Revoke all tokens',
    },
    enable: {
      title: 'Enable it again',
      text: 'It may ask for tokens again.',
      button: (app: string) => `Enable ${app}`,
    },
    disable: {
      title: 'Disable it',
      text: 'It gets no tokens, and those that it has are refused, until it is enabled again.',
      button: (app: string) => `Disable ${app}`,
    },
    delete: {
      title: 'Delete the app',
      text: 'Its client id, its tokens and what people allowed it are gone for good.',
      button: (app: string) => `Delete ${app}`,
    },
  },
}

export const secrets = {
  title: 'Secrets',
  older: 'the older',
  newer: 'the newer',
  ends: (at: number) => said`, ends ${moment(at)}`,
  end: { 0: 'End now', 1: 'End in a day', 7: 'End in a week' },
  second: 'A second secret works beside the first. Roll it out, then end the old one.',
  makeSecond: 'Make a second secret',
  leaked:
    'Has one leaked? A new secret replaces all there are, at once. Tokens that the app already holds last until they expire.',
  makeNew: 'Make a new secret',
  sign: (address: string) =>
    said`An app on a server needs no secret: ${link('have it sign', address)} with a key that never leaves it. Its secrets end when that is saved.`,
}
