import type { App } from '../../apps/apps.ts'
import { quote } from '../../docs/js-literal.ts'
import { ENVIRONMENT } from '../../sdk/typescript/docs.ts'
import { getStarted } from '../../wording/wording.ts'

const { signIn: say } = getStarted

/** How an app has people sign in (authorization code with PKCE, or device code), in terms of its SDK. */
export interface SignInProgram {
  /** What to do with it, a sentence. */
  readonly title: string
  readonly label: string
  readonly code: string
}

export interface SignInOptions {
  readonly app: Pick<App, 'id' | 'kind' | 'redirectUris'>
  readonly packageName: string
  /** The class that the package exports. */
  readonly client: string
  /** `people.employees.list()` */
  readonly call: string | undefined
  readonly paged: boolean
}

/** In order: one program, or for an app on a server what it does before and after the person signs in. */
export function signInPrograms(options: SignInOptions): SignInProgram[] {
  const { kind, redirectUris } = options.app
  const [uri = ''] = redirectUris
  if (kind === 'single-page') return [inBrowser(options, uri)]
  if (kind === 'device') return [onAnotherDevice(options)]
  if (kind === 'native' && /^http:/.test(uri)) return [onThisMachine(options, uri)]
  return twoSteps(options, uri)
}

function inBrowser({ app, packageName, client, ...rest }: SignInOptions, redirectUri: string): SignInProgram {
  const variable = variableOf(rest)
  return {
    title: say.inBrowser,
    label: say.onThePage,
    code: [
      ...imports(packageName, client, 'authorizationCode, signIn'),
      `const ${variable} = new ${client}({`,
      `  auth: authorizationCode({ clientId: ${quote(app.id)}, redirectUri: ${quote(redirectUri)} }),`,
      '})',
      '// Leaves for the sign-in, or finishes the one that the person comes back from.',
      `await signIn(${variable})`,
      ...use(rest),
    ].join('\n'),
  }
}

function onThisMachine({ app, packageName, client, ...rest }: SignInOptions, redirectUri: string): SignInProgram {
  return {
    title: say.onThisMachine,
    label: 'first-call.mts',
    code: [
      ...imports(packageName, client, 'loopback'),
      `const ${variableOf(rest)} = new ${client}({`,
      '  auth: loopback({',
      `    clientId: ${quote(app.id)},`,
      `    redirectUri: ${quote(redirectUri)},`,
      "    open: (url) => console.log('Open', url),",
      '  }),',
      '})',
      ...use(rest),
    ].join('\n'),
  }
}

function onAnotherDevice({ app, packageName, client, ...rest }: SignInOptions): SignInProgram {
  return {
    title: say.onAnotherDevice,
    label: 'first-call.mts',
    code: [
      ...imports(packageName, client, 'deviceCode'),
      `const ${variableOf(rest)} = new ${client}({`,
      '  auth: deviceCode({',
      `    clientId: ${quote(app.id)},`,
      "    prompt: ({ verificationUri, userCode }) => console.log('Go to', verificationUri, 'and type in', userCode),",
      '  }),',
      '})',
      ...use(rest),
    ].join('\n'),
  }
}

function twoSteps({ app, packageName, client, ...rest }: SignInOptions, redirectUri: string): SignInProgram[] {
  const confidential = app.kind !== 'native'
  const variable = variableOf(rest)
  const names = confidential ? 'finishSignIn, startSignIn' : 'authorizationCode, finishSignIn, startSignIn'
  return [
    {
      title: say.start,
      label: say.toSignIn,
      code: [
        ...imports(packageName, client, names),
        `const redirectUri = ${quote(redirectUri)}`,
        ...(confidential
          ? [
              `const clientId = process.env['${ENVIRONMENT.clientId}']`,
              `const clientSecret = process.env['${ENVIRONMENT.clientSecret}']`,
              `const app = new ${client}({ clientId, clientSecret })`,
            ]
          : [
              `const clientId = ${quote(app.id)}`,
              `const app = new ${client}({ auth: authorizationCode({ clientId, redirectUri }) })`,
            ]),
        '',
        'const { url, pending } = await startSignIn(app, redirectUri)',
        confidential
          ? '// Keep `pending` in the person’s session, and redirect their browser to `url`.'
          : '// Keep `pending`, and open `url` in the system’s browser.',
      ].join('\n'),
    },
    {
      title: say.finish,
      label: say.atTheRedirectUri,
      code: [
        '// `request.url` is the whole address that they came back to.',
        'const token = await finishSignIn(app, request.url, pending)',
        `const ${variable} = new ${client}({ clientId, ${confidential ? 'clientSecret, ' : ''}token })`,
        ...use(rest),
      ].join('\n'),
    },
  ]
}

function imports(packageName: string, client: string, names: string): string[] {
  return [
    `import { ${client} } from ${quote(packageName)}`,
    `import { ${names} } from ${quote(`${packageName}/auth`)}`,
    '',
  ]
}

function variableOf({ call }: Pick<SignInOptions, 'call'>): string {
  return call?.split('.', 1)[0] ?? 'client'
}

function use({ call, paged }: Pick<SignInOptions, 'call' | 'paged'>): string[] {
  if (call === undefined) return []
  return [paged ? `for await (const item of ${call}) console.log(item)` : `console.log(await ${call})`]
}
