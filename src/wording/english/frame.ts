import { code, said } from '../inline.ts'

export const frame = {
  skip: 'Skip to content',
  portal: 'Portal',
  apis: 'APIs',
  apps: 'My apps',
  console: 'Console',
  signIn: 'Sign in',
  signOut: 'Sign out',
  theme: 'Theme',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  copy: 'Copy',
  copied: 'Copied',
}

export const broken = {
  notFound: 'Not found',
  notHere: 'There is nothing at this address, or it isn’t for you to see.',
  signedOut: 'There is nothing at this address, or it isn’t for everyone: sign in, and see whether it is for you.',
  failed: 'Something broke',
  notMade: 'This page could not be made. The server’s log has the reason; trying again may help.',
  tryAgain: 'Try again',
}

/** `/llms.txt`, for programs that read on behalf of people. */
export const machines = {
  about:
    'Documentation of HTTP APIs: for each operation, what it takes and returns, and which OAuth scopes it needs. Any page of the documentation is Markdown when .md is added to its path.',
  apis: 'APIs',
  everything: 'Everything in one file',
}

export const home = {
  lead: 'See what your app may call before you write a line of it, get a client that knows the same, and try it on a sandbox that enforces it.',
  register: 'Register an app',
  seenAs: 'The same call, seen as',
  holds: (scopes: readonly string[]) => said`holds ${code(scopes.join(' '))}`,
  someFields: 'Some fields of an employee',
  personas: { orgChart: 'Org chart', payroll: 'Payroll' },
}
