import type { OperationPlan, SdkPlan } from '../plan/plan.ts'
import { clientName } from './client.ts'
import { flatten, type Module } from './modules.ts'
import { scopeSentence, signature } from './operations.ts'
import { code, firstParagraph, markdown, quote } from './text.ts'
import { operationTypes } from './types.ts'

/** `api.md`: every method with its operation and scopes. */
export function renderApiDocument(plan: SdkPlan, modules: readonly Module[], packageName: string): string {
  const variable = variableName(plan)
  const sections = flatten(modules)
    .filter(({ resource }) => resource.operations.length > 0)
    .map(({ resource, path }) => {
      const chain = [variable, ...resource.path].join('.')
      const rows = resource.operations.map((operation) => row(operation, chain))
      return [
        `## ${code(chain)}`,
        '',
        `Functions: ${code(`import { ${resource.operations[0]?.id ?? ''} } from ${quote(`${packageName}/${path}`)}`)}`,
        '',
        '| method | function | operation | access | |',
        '|---|---|---|---|---|',
        ...rows,
        '',
      ].join('\n')
    })
  return `# ${markdown(plan.api.title)} ${markdown(plan.api.version)}\n\n${sections.join('\n')}`
}

function row(operation: OperationPlan, chain: string): string {
  const { arguments: args } = signature(operation, operationTypes(operation), '')
  const gated = operation.gatedFields.map(({ name, scopes }) => `${code(name)} with ${scopes.map(code).join(' and ')}`)
  const access = [
    scopeSentence(operation) ?? 'The document does not say.',
    ...(gated.length > 0 ? [`Fields: ${gated.join('; ')}.`] : []),
  ]
  const text = operation.summary ?? firstParagraph(operation.description ?? '')
  const cells = [
    code(`${chain}.${operation.name}(${args})`),
    code(operation.id),
    code(`${operation.method} ${operation.path}`),
    access.join(' '),
    `${operation.deprecated ? '**Deprecated.** ' : ''}${markdown(text)}`,
  ]
  return `| ${cells.join(' | ')} |`
}

export function renderReadme(
  plan: SdkPlan,
  modules: readonly Module[],
  packageName: string,
  scopes: readonly string[] | undefined,
): string {
  const name = clientName(plan)
  const variable = variableName(plan)
  const operations = flatten(modules).flatMap(({ resource }) =>
    resource.operations.map((operation) => ({ resource, operation })),
  )
  const simple = operations.filter(({ operation }) => operation.method === 'GET' && plain(operation))
  const first = simple.find(({ operation }) => operation.pagination !== undefined) ?? simple[0]
  const call =
    first === undefined ? undefined : `${variable}.${[...first.resource.path, first.operation.name].join('.')}()`
  const paged = first?.operation.pagination !== undefined
  const needed = first?.operation.requirement.alternatives[0]?.scopes ?? []
  const asked = scopes === undefined && needed.length > 0 ? `\n  scopes: [${needed.map(quote).join(', ')}],` : ''
  const env = envPrefix(plan)
  const blocks = [
    `# ${markdown(plan.api.title)}`,
    (plan.api.summary ?? plan.api.description)
      ? markdown(plan.api.summary ?? firstParagraph(plan.api.description ?? ''))
      : '',
    `A client for version ${markdown(plan.api.version)} in TypeScript, for Node.js 20 and later and for browsers. Every method is listed in [api.md](api.md).`,
    '## First call',
    block(`import { ${name} } from ${quote(packageName)}

const ${variable} = new ${name}({
  clientId: process.env['${env}_CLIENT_ID'],
  clientSecret: process.env['${env}_CLIENT_SECRET'],${asked}
})
${call === undefined ? '' : paged ? `\nfor await (const item of ${call}) console.log(item)` : `\nconsole.log(await ${call})`}`),
    'The client gets its access tokens by itself, once for all calls that wait for one, and replaces them before they expire. A secret belongs on a server; in a browser, pass `token` instead.',
    '## Scopes',
    scopes === undefined
      ? '`scopes` is what the client asks for, and what the compiler checks: a call that needs more does not compile, and a field that is withheld is not in the type. Without `scopes` nothing is checked.'
      : `This package was made for an app that may hold ${scopes.map(code).join(', ') || 'no scopes'}. A call that needs more does not compile, and a field that is withheld is not in the type.`,
    '## Lists',
    paged
      ? `A list is its first page when awaited, and all its items when iterated:\n\n${block(`const page = await ${call}\nfor await (const item of ${call}) console.log(item)`)}`
      : 'A list that comes in pages is its first page when awaited, and all its items when iterated with `for await`.',
    '## Errors',
    'Every error is an `SdkError`. `ApiError` is a refusal by the API, with `status`, `problem` (RFC 9457) and `requestId`; `InsufficientScopeError` is one of them, with `required`, `granted` and `missing`. `AuthenticationError` means that there is no token to be had. No error holds a token or a secret.',
    block(`import { InsufficientScopeError } from ${quote(packageName)}

try {
  ${call === undefined ? '// a call' : `await ${call}`}
} catch (error) {
  if (error instanceof InsufficientScopeError) console.error('missing:', error.missing)
  else throw error
}`),
    'Calls that can be repeated are, twice, when the connection fails or the server is busy; `maxRetries`, `timeout` and `signal` are options of the client and of each call.',
  ]
  return `${blocks.filter((text) => text !== '').join('\n\n')}\n`
}

function plain(operation: OperationPlan): boolean {
  return operation.parameters.every(({ required }) => !required) && operation.result.kind === 'json'
}

function block(source: string): string {
  return `\`\`\`ts\n${source}\n\`\`\``
}

function variableName(plan: SdkPlan): string {
  const name = clientName(plan)
  return name.charAt(0).toLowerCase() + name.slice(1)
}

function envPrefix(plan: SdkPlan): string {
  return clientName(plan)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase()
}
