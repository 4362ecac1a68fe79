import { code, type Inline, link, said, strong } from '../inline.ts'
import { count, counted, dayOf, number } from './language.ts'

/** Signing in and out, agreeing, connecting a device, one's own account: what everyone meets, also who isn't a developer. */

/** On every step on the way elsewhere. */
export const step = {
  failed: 'That didn’t work',
  impossible:
    'The app that sent you here asked for something that can’t be done. Go back to it and try again. If it happens again, tell whoever makes it:',
  yours: (app: string, address: string) =>
    said`You manage ${link(app, address)}: compare what it sends with how it is registered.`,
  home: 'Go to the home page',
  allow: 'Allow',
  refuse: 'Refuse',
}

/** What went wrong at another place where people sign in. */
const elsewhere: Readonly<Record<string, string>> = {
  'no-email': 'The place where you signed in doesn’t tell your email address.',
  taken: 'Someone else has this email address here. Ask an administrator.',
  disabled: 'You can’t sign in here. Ask an administrator.',
  aborted: 'You didn’t sign in there.',
  unavailable: 'The place where people sign in can’t be reached right now. Try again in a while.',
}

export const signIn = {
  title: 'Sign in',
  lead: (portal: string, app: string | undefined) =>
    app === undefined ? `To ${portal}.` : `To ${portal}, to go on to ${app}.`,
  demo: 'Look around as someone',
  madeUp: 'This is a demo: these people are made up, and one click signs in as them.',
  continueAs: (person: string, groups: readonly string[]): Inline[] => [
    ...said`Continue as ${strong(person)}`,
    ...(groups.length === 0 ? [] : [` — ${groups.join(', ')}`]),
  ],
  continueAt: (provider: string) => `Continue at ${provider}`,
  withPassword: 'Sign in with a password',
  email: 'Email',
  password: 'Password',
  elsewhere,
  stale: 'This sign-in was completed already, or took too long. Try again.',
  wrong:
    'This email address and password don’t go together. Check both and try again; an administrator can give you a link for a new password.',
  tooMany: (seconds: number) =>
    `Too many attempts from here. Try again in ${count(Math.ceil(seconds / 60), 'minute')}, or in a browser in which you have signed in before. If it goes on, someone else is trying: an administrator can give you a link for a new password.`,
}

export const signOut = {
  title: 'Sign out?',
  lead: (portal: string, app: string | undefined) =>
    `${app === undefined ? 'You will be signed out' : `${app} asks to sign you out`} of ${portal}, and apps that you used with it have to ask you again.`,
  signOut: 'Sign out',
  stay: 'Stay signed in',
  done: 'Signed out',
  nobody: (portal: string) => `Nobody is signed in to ${portal} in this browser any more.`,
}

/** Who is behind an app. */
export const maker = {
  belongs: (owner: string | undefined, team: string | undefined) => {
    const makers = [owner, team === undefined ? undefined : `the team ${team}`].filter((name) => name !== undefined)
    return `It belongs to ${makers.join(' and ')}.`
  },
  unverified: (portal: string) => said`${strong('Unverified.')} Nobody at ${portal} has checked who made this app.`,
}

/** What scopes that concern the person let an app do. What tells it nothing isn't here. */
const ownScopes: Readonly<Record<string, string>> = {
  profile: 'See your name',
  email: 'See your email address',
}

export const consent = {
  title: (app: string) => `Allow ${app}?`,
  lead: (asked: 'nothing' | 'some' | 'more', person: { readonly name: string; readonly email: string } | undefined) => {
    const asks = {
      nothing: 'It asks to know that it is you, and nothing else.',
      some: 'It asks to do this in your name.',
      more: 'It asks to do more in your name than you allowed before.',
    }[asked]
    return person === undefined ? asks : `${asks} You are ${person.name}, ${person.email}.`
  },
  aboutYou: 'About you',
  ownScopes,
  optional: 'You may leave this out.',
  before: (scopes: number) => `What you allowed before: ${counted.scopes(scopes)}`,
  back: (address: string) => said`If you allow it, you go on to ${code(address)}. `,
  notYou: (person: string, address: string) =>
    said`Not ${person}? ${link('Sign out', address)}, and start again at the app.`,
  revocable: 'What you allow you can take back at any time, under your account.',
}

/** An app that nobody vouches for, and that got nothing: its answer is brought to it by who wants to go there. */
export const stranger = {
  failed: (app: string) => `${app} asked for something that can’t be done. Tell whoever makes it:`,
  refused: 'Refused',
  nothing: (app: string) => `${app} gets nothing.`,
  place: (origin: string) =>
    said`It wants to hear of that at ${code(origin)}. Go there only if you know and trust this address.`,
  go: (host: string) => `Go to ${host}`,
}

export const expired = {
  title: 'This page has expired',
  why: 'It could be used once, for an hour, in the browser where it was opened. If an app sent you here, go back to it and start again.',
  signIn: (portal: string) => `Sign in to ${portal}`,
}

export const device = {
  title: 'Connect a device',
  lead: 'Your device shows a code of eight letters.',
  code: 'Code',
  suchAs: 'Such as WDJB-MJHT',
  go: 'Continue',
  refused: 'Refused',
  problems: {
    missing: 'Enter the code that your device shows.',
    unknown: 'No device shows this code. Compare it with what the device shows, letter by letter.',
    expired: 'This code has expired. Start again on the device, which will show another.',
    used: 'This code was used already. Start again on the device, which will show another.',
    refused: 'Nothing was connected. The device has been told.',
    failed:
      'The device can’t be connected: this page was open for too long, or no policy allows what it asks for. Start again on the device.',
    'too-many': 'Too many codes were tried from here. Wait a few minutes, then try again.',
  },
  yours: 'Is this your device?',
  check: (app: string) =>
    `${app} on the device will act in your name. Go on only if the device is in front of you and shows this code.`,
  confirm: 'It shows this code',
  connected: 'Device connected',
  goesOn: (app: string) => `${app} goes on by itself in a few seconds. You may close this page.`,
  seeConsents: 'See what apps may do in your name',
}

export const passwordLink = {
  title: 'Choose a password',
  lead: (person: { readonly name: string; readonly email: string }, portal: string) =>
    `${person.name}, you will sign in to ${portal} as ${person.email}.`,
  password: 'Password',
  hint: 'At least 10 characters. A few words together are easy to remember and hard to guess.',
  set: 'Set the password',
  tooShort: (least: number) => `A password has at least ${number(least)} characters.`,
  tooLong: (most: number) => `A password has at most ${number(most)} characters.`,
  done: 'Password set',
  from: (email: string) => `From now on you sign in as ${email} with it.`,
  expired: 'This link has expired',
  once: 'A link like this can be used once, and not for ever. Ask whoever sent it for another.',
  used: 'This link was used already.',
}

export const account = {
  title: 'Account',
  tabs: { profile: 'Profile', consents: 'What apps may do' },
  email: 'Email',
  groups: 'Groups',
  none: 'none',
  policies: 'Access policies may ask for any of this. An administrator changes it.',
  knowsYou: 'It knows you when you come back, and nothing else.',
  nothingAllowed: 'No app may do anything in your name. An app that wants to asks you first.',
  since: (at: number) => said`since ${dayOf(at)}`,
  withdraw: 'Take it back…',
  withdrawing: (app: string) => `${app} loses every token that it has in your name. It may ask you again.`,
  withdrawNow: 'Take it back',
  withdrawFrom: (app: string) => ` from ${app}`,
  withdrawn: 'Taken back. The app’s tokens in your name are refused from now on.',
}
