import type { OperationPlan, SdkPlan } from '../plan/plan.ts'
import { neededGrants } from '../plan/requirement.ts'
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
  const { arguments: args } = signature(operation, operationTypes(operation, ''), '')
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

/** Where to begin: a program of a few lines that makes one call, which the scopes allow. */
export interface FirstProgram {
  readonly source: string
  /** `people.employees.list()`; undefined where no call can be made without arguments. */
  readonly call: string | undefined
  readonly operationId: string | undefined
  readonly paged: boolean
}

/** Where every program that we show reads its credentials. */
export const ENVIRONMENT = { clientId: 'SALLYPORT_CLIENT_ID', clientSecret: 'SALLYPORT_CLIENT_SECRET' } as const

/** @param scopes built into the package; undefined: none are, and the program names those that its call needs */
export function firstProgram(plan: SdkPlan, packageName: string, scopes: readonly string[] | undefined): FirstProgram {
  const name = clientName(plan)
  const variable = variableName(plan)
  const first = firstOperation(plan, scopes)
  const call = first && `${variable}.${[...first.path, first.operation.name].join('.')}()`
  const paged = first?.operation.pagination !== undefined
  const needed = (first && neededGrants(first.operation.requirement)[0]) ?? []
  const asked = scopes === undefined && needed.length > 0 ? `\n  scopes: [${needed.map(quote).join(', ')}],` : ''
  const use =
    call === undefined
      ? ''
      : paged
        ? `\nfor await (const item of ${call}) console.log(item)\n`
        : `\nconsole.log(await ${call})\n`
  const source = `import { ${name} } from ${quote(packageName)}

const ${variable} = new ${name}({
  clientId: process.env['${ENVIRONMENT.clientId}'],
  clientSecret: process.env['${ENVIRONMENT.clientSecret}'],${asked}
})
${use}`
  return { source, call, operationId: first?.operation.id, paged }
}

/** A read without arguments that the scopes allow: a list rather than one thing, with gated fields rather than without. */
function firstOperation(
  plan: SdkPlan,
  scopes: readonly string[] | undefined,
): { path: readonly string[]; operation: OperationPlan } | undefined {
  const candidates = plan.resources
    .flatMap(({ path, operations }) => operations.map((operation) => ({ path, operation })))
    .filter(({ operation }) => {
      const plain = operation.parameters.every(({ required }) => !required) && operation.result.kind === 'json'
      const sets = neededGrants(operation.requirement)
      const held = (grant: string): boolean => (scopes ?? plan.scopes.map(({ name }) => name)).includes(grant)
      return (
        operation.method === 'GET' &&
        plain &&
        !operation.deprecated &&
        (sets.length === 0 || sets.some((set) => set.every(held)))
      )
    })
  const worth = ({ operation }: { operation: OperationPlan }): number =>
    (operation.gated.response ? 4 : 0) +
    (neededGrants(operation.requirement).length > 0 ? 2 : 0) +
    (operation.pagination === undefined ? 0 : 1)
  return candidates.sort((a, b) => worth(b) - worth(a))[0]
}

export function variableName(plan: SdkPlan): string {
  const name = clientName(plan)
  return name.charAt(0).toLowerCase() + name.slice(1)
}
