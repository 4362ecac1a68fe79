import type { ProblemPlan, SdkPlan } from '../plan/plan.ts'
import { clientName } from './client.ts'
import { code, comment, prose, quote } from './text.ts'

/**
 * `errors.ts`: a refusal's body by operation and status, and a class for each problem type that the document declares. A
 * client throws the class of the status; which problem it is, `instanceof` tells by the type that the server gave.
 */
export function renderErrors(plan: SdkPlan): string {
  const names = problemNames(plan)
  const classes = plan.problems.map((problem) => renderProblem(problem, names.get(problem) ?? ''))
  const usesSchemas = plan.problems.some(({ body }) => 'schema' in body)
  const problems = plan.problems.length > 0
  return `import type { ErrorBody as $ErrorBody, ErrorOf as $ErrorOf } from './runtime/error-of.ts'
import { ${problems ? 'isProblem as $isProblem, ' : ''}isRefusal as $isRefusal } from './runtime/error-of.ts'
${
  problems
    ? `import { ApiError as $ApiError, type Problem as $Problem } from './runtime/errors.ts'
import type { Unchecked as $Unchecked, Visible as $Visible } from './runtime/grants.ts'
`
    : ''
}import type { ${usesSchemas ? 'components as $components, ' : ''}operations as $operations } from './schema.ts'

/**
 * Whether it is this operation's refusal with this status. Its body is then of the type that the document declares.
 *
 * @param operation the name of the operation's function
 */
export function isErrorOf<Operation extends keyof $operations, Status extends number>(
  error: unknown,
  operation: Operation,
  status: Status,
): error is $ErrorOf<Operation, Status, $ErrorBody<$operations[Operation]['responses'], Status>> {
  return $isRefusal(error, operation, status)
}
${classes.join('')}`
}

/** What `errors.ts` exports for each problem. */
export function problemNames(plan: SdkPlan): ReadonlyMap<ProblemPlan, string> {
  const client = clientName(plan)
  return new Map(
    plan.problems.map((problem) => {
      const name = `${problem.name}Problem`
      return [problem, name === client ? `${name}_` : name]
    }),
  )
}

function renderProblem({ type, description, body }: ProblemPlan, name: string): string {
  const of =
    'schema' in body
      ? `$components['schemas'][${quote(body.schema)}]`
      : `$operations[${quote(body.operation)}]['responses'][${status(body.status)}]['content'][${quote(body.mediaType)}]`
  const shape = `$Problem & $Visible<${of}, $Unchecked> & { readonly type: ${quote(type)} }`
  const lines = [`Problem ${code(prose(type))}.`, ...(description === undefined ? [] : ['', prose(description)])]
  return `
${comment(lines)}export abstract class ${name} extends $ApiError {
  declare readonly problem: ${shape}
  declare readonly body: ${shape}

  static override [Symbol.hasInstance](error: unknown): error is ${name} {
    return $isProblem(error, ${quote(type)})
  }
}
`
}

function status(text: string): string {
  return /^[1-9]\d*$/.test(text) ? text : quote(text)
}
