import type { SdkPlan } from '../plan/plan.ts'
import { clientName } from './client.ts'
import { firstProgram, variableName } from './docs.ts'
import { problemNames } from './errors.ts'
import { code, firstParagraph, markdown, quote } from './text.ts'

/** `README.md`. Every block is a program, or goes on from the first one. */
export function renderReadme(plan: SdkPlan, packageName: string, scopes: readonly string[] | undefined): string {
  const { source, call, paged, operationId } = firstProgram(plan, packageName, scopes)
  const sections = [
    `# ${markdown(plan.api.title)}`,
    (plan.api.summary ?? plan.api.description)
      ? markdown(plan.api.summary ?? firstParagraph(plan.api.description ?? ''))
      : '',
    `A client for version ${markdown(plan.api.version)} in TypeScript, for Node.js 20 and later and for browsers. Every method is listed in [api.md](api.md).`,
    '## First call',
    block(source.trimEnd()),
    'The client gets its access tokens by itself, once for all calls that wait for one, and replaces them before they expire. A secret belongs on a server.',
    '## Scopes',
    scopes === undefined
      ? '`scopes` is what the client asks for, and what the compiler checks: a call that needs more does not compile, and a field that is withheld is not in the type. Without `scopes` nothing is checked.'
      : `This package was made for an app that may hold ${scopes.map(code).join(', ') || 'no scopes'}. A call that needs more does not compile, and a field that is withheld is not in the type.`,
    'A server may grant less than was asked. With `onInsufficientScope`, the client asks for what a call turns out to need, once, if that function says yes.',
    ...signingIn(plan, packageName),
    '## Lists',
    paged
      ? `A list is its first page when awaited, and all its items when iterated:\n\n${block(`const page = await ${call}\nfor await (const item of ${call}) console.log(item)`)}`
      : 'A list that comes in pages is its first page when awaited, and all its items when iterated with `for await`.',
    '## Responses',
    call === undefined
      ? 'A call is its body when awaited. `.withResponse()` gives `status` and `response`, with its headers, beside it.'
      : `A call is its body when awaited. \`.withResponse()\` gives the response beside it:\n\n${block(`const { data, status, response } = await ${call}.withResponse()\nconsole.log(data, status, response.headers.get('etag'))`)}`,
    'Where an operation takes or gives several media types, the options `contentType` and `accept` choose one, and the types of body and result follow.',
    '## Errors',
    'Every error is an `SdkError`. `ApiError` is a refusal by the API, with `status`, `problem` (RFC 9457) and `requestId`; it has a class for each kind of status, such as `NotFoundError` and `RateLimitError`. `InsufficientScopeError` is one of them, with `required`, `granted` and `missing`, and with a `link` where the server says where scopes can be asked for. `AuthenticationError` means that there is no token to be had. No error holds a token or a secret.',
    errors(plan, packageName, call, operationId),
    ...problemClasses(plan),
    'Calls that can be repeated are, twice, when the connection fails or the server is busy; `maxRetries`, `timeout`, `signal` and `idempotencyKey` are options of each call.',
    ...smallBundles(plan, packageName),
    '## Middleware',
    block(`import { ${clientName(plan)} } from ${quote(packageName)}
import { logger } from ${quote(`${packageName}/logger`)}

const logged = new ${clientName(plan)}({
  token: 'a token',
  middleware: [
    logger((line, details) => console.log(line, details)),
    { request: (request) => request.headers.set('x-trace', crypto.randomUUID()) },
  ],
})
export { logged }`),
    'It sees each attempt, and never the token. `fetch` takes the place of the platform’s own.',
  ]
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`
}

/** Of a refusal whose body the document describes, the first program's if it has one. */
function errors(plan: SdkPlan, packageName: string, call: string | undefined, operationId: string | undefined): string {
  const operations = plan.resources.flatMap((resource) => resource.operations)
  const own = operations.filter(({ id }) => id === operationId)
  const described = [...own, ...operations].flatMap(({ id, failures }) =>
    failures.flatMap(({ status, bodies }) => (/^\d+$/.test(status) && bodies.length > 0 ? [{ id, status }] : [])),
  )[0]
  const names = ['InsufficientScopeError', ...(described === undefined ? [] : ['isErrorOf'])].join(', ')
  const typed =
    described === undefined
      ? ''
      : `  else if (isErrorOf(error, ${quote(described.id)}, ${described.status})) console.error(error.body)\n`
  return block(`import { ${names} } from ${quote(packageName)}

try {
  ${call === undefined ? '// a call' : `await ${call}`}
} catch (error) {
  if (error instanceof InsufficientScopeError) console.error('missing:', error.missing)
${typed}  else throw error
}`)
}

function problemClasses(plan: SdkPlan): string[] {
  const typed =
    '`isErrorOf` tells refusals apart by operation and status; the body then has the type that the document declares.'
  const names = [...problemNames(plan).values()]
  if (names.length === 0) return [typed]
  return [
    `${typed} Problem types that the document declares are classes, which \`instanceof\` knows by the \`type\` that the server gave: ${names.map(code).join(', ')}.`,
  ]
}

/** One program for each way in which a person signs in. */
function signingIn(plan: SdkPlan, packageName: string): string[] {
  const name = clientName(plan)
  const variable = variableName(plan)
  const auth = quote(`${packageName}/auth`)
  const program = (names: string, grant: string, rest = '', imports = ''): string =>
    block(`import { ${name} } from ${quote(packageName)}
import { ${names} } from ${auth}
${imports}
export const ${variable} = new ${name}({
  auth: ${grant},
})${rest}`)
  return [
    '## Signing people in',
    'In a browser, by a redirect; `signIn` also finishes the sign-in on the page that the person comes back to:',
    program(
      'authorizationCode, signIn, signOut',
      "authorizationCode({ clientId: 'your client id', redirectUri: 'https://app.example/' })",
      `\nawait signIn(${variable})\nexport const leave = () => signOut(${variable})`,
    ),
    'On a command line, with the person’s own browser, or without one:',
    program(
      'loopback',
      `loopback({
    clientId: 'your client id',
    open: (url) => console.log('Open', url),
    store: new FileTokenStore(\`\${process.env['HOME']}/.config/my-tool/tokens.json\`),
  })`,
      '',
      `import { FileTokenStore } from ${quote(`${packageName}/node`)}\n`,
    ),
    program(
      'deviceCode',
      `deviceCode({
    clientId: 'your client id',
    prompt: ({ verificationUri, userCode }) => console.log(\`Go to \${verificationUri} and type in \${userCode}\`),
  })`,
    ),
    '`token` takes an access token, a set of tokens or a function that gives one. `clientAuthentication: privateKeyJwt(key)` takes the place of a secret, `store` keeps tokens for longer than the program runs (`FileTokenStore` in a file that only the user may read, `WebTokenStore` in a browser’s storage), and `issuer`, `resource` and `audience` name another authorization server.',
  ]
}

function smallBundles(plan: SdkPlan, packageName: string): string[] {
  const name = `${clientName(plan)}Client`
  return [
    '## Small bundles',
    'Each method is a function, too. A program that imports functions bundles what it calls, and no more:',
    block(`import { clientCredentials } from ${quote(`${packageName}/auth`)}
import { ${name} } from ${quote(`${packageName}/client`)}

export const small = new ${name}({
  auth: clientCredentials({ clientId: 'your client id', clientSecret: 'your secret' }),
})`),
    'The functions, and the entry points that they come from, are listed in [api.md](api.md).',
  ]
}

function block(source: string): string {
  return `\`\`\`ts\n${source}\n\`\`\``
}
