import type { App } from '../../apps/apps.ts'
import { quote } from '../../docs/js-literal.ts'

/** Authorization code with PKCE (RFC 6749 section 4.1, RFC 7636, RFC 9207) in code that needs nothing but the platform. */
export interface CodeFlow {
  /** Sends the person to sign in. */
  readonly begin: string
  /** Runs at the redirect URI: changes the code for tokens and makes the first call. */
  readonly finish: string
}

export interface CodeFlowOptions {
  readonly app: Pick<App, 'id' | 'kind' | 'redirectUris'>
  readonly scopes: readonly string[]
  readonly issuer: string
  readonly resource: string
  readonly packageName: string
  /** The class that the package exports. */
  readonly client: string
  /** `people.employees.list()` */
  readonly call: string | undefined
  readonly paged: boolean
}

export function codeFlow(options: CodeFlowOptions): CodeFlow {
  return { begin: begin(options), finish: finish(options) }
}

/** How the person leaves for the sign-in page. */
const LEAVE = {
  web: ['// Keep verifier and state in the person’s session, then redirect their browser to `authorize`.'],
  'single-page': [
    "sessionStorage.setItem('sign-in', JSON.stringify({ verifier, state }))",
    'location.assign(authorize)',
  ],
  native: [
    '// Keep verifier and state, listen on the redirect URI, and open this in the system’s browser:',
    'console.log(authorize)',
  ],
}

/** How they come back. */
const RETURN = {
  web: ['// `query` holds the parameters of the request to the redirect URI.'],
  'single-page': [
    "const { verifier, state } = JSON.parse(sessionStorage.getItem('sign-in') ?? '{}')",
    'const query = new URLSearchParams(location.search)',
  ],
  native: ['// `query` holds the parameters of the request to the redirect URI.'],
}

function kindOf({ kind }: CodeFlowOptions['app']): keyof typeof LEAVE {
  return kind === 'single-page' || kind === 'native' ? kind : 'web'
}

function begin({ app, scopes, issuer, resource }: CodeFlowOptions): string {
  return [
    ...(kindOf(app) === 'web' ? ["const clientId = process.env['SALLYPORT_CLIENT_ID'] ?? ''"] : []),
    'const verifier = crypto.randomUUID() + crypto.randomUUID()',
    'const state = crypto.randomUUID()',
    "const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))",
    'const challenge = btoa(String.fromCharCode(...new Uint8Array(digest)))',
    "  .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')",
    `const authorize = ${quote(`${issuer}/auth?`)} + new URLSearchParams({`,
    "  response_type: 'code',",
    `  client_id: ${clientId(app)},`,
    `  redirect_uri: ${redirectUri(app)},`,
    `  scope: ${quote(scopes.join(' '))},`,
    `  resource: ${quote(resource)},`,
    "  code_challenge: challenge, code_challenge_method: 'S256', state,",
    '})',
    ...LEAVE[kindOf(app)],
  ].join('\n')
}

function finish({ app, issuer, resource, packageName, client, call, paged }: CodeFlowOptions): string {
  const web = kindOf(app) === 'web'
  const variable = call?.split('.', 1)[0] ?? 'client'
  return [
    `import { ${client} } from ${quote(packageName)}`,
    '',
    ...(web
      ? [
          "const clientId = process.env['SALLYPORT_CLIENT_ID'] ?? ''",
          "const clientSecret = process.env['SALLYPORT_CLIENT_SECRET'] ?? ''",
        ]
      : []),
    ...RETURN[kindOf(app)],
    `const ours = query.get('state') === state && query.get('iss') === ${quote(issuer)}`,
    "if (!ours) throw new Error('This sign-in was not ours')",
    `const response = await fetch(${quote(`${issuer}/token`)}, {`,
    "  method: 'POST',",
    ...(web ? ["  headers: { authorization: 'Basic ' + btoa(clientId + ':' + clientSecret) },"] : []),
    '  body: new URLSearchParams({',
    "    grant_type: 'authorization_code',",
    "    code: query.get('code') ?? '',",
    `    redirect_uri: ${redirectUri(app)},`,
    ...(web ? [] : [`    client_id: ${clientId(app)},`]),
    '    code_verifier: verifier,',
    `    resource: ${quote(resource)},`,
    '  }),',
    '})',
    'const tokens = await response.json()',
    `const ${variable} = new ${client}({`,
    web ? '  clientId, clientSecret,' : `  clientId: ${clientId(app)},`,
    '  token: {',
    '    accessToken: tokens.access_token,',
    '    refreshToken: tokens.refresh_token,',
    '    expiresAt: Date.now() + tokens.expires_in * 1000,',
    '  },',
    '})',
    ...(call === undefined
      ? []
      : [paged ? `for await (const item of ${call}) console.log(item)` : `console.log(await ${call})`]),
  ].join('\n')
}

/** An app on a server reads it from its environment, with the secret. */
function clientId(app: CodeFlowOptions['app']): string {
  return kindOf(app) === 'web' ? 'clientId' : quote(app.id)
}

function redirectUri({ redirectUris }: CodeFlowOptions['app']): string {
  return quote(redirectUris[0] ?? '')
}
