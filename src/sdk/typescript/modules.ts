import { suffix } from '../../model/names.ts'
import type { OperationPlan, ResourcePlan, SdkPlan } from '../plan/plan.ts'

/** A resource as files and names of TypeScript. */
export interface Module {
  readonly resource: ResourcePlan
  /** `employees/notes`: of its files, and what is imported after the package's name. */
  readonly path: string
  /** `EmployeesNotes` */
  readonly className: string
  /** `notes`, on its parent. */
  readonly property: string
  readonly children: readonly Module[]
}

/** Entry points of the package that are no resource. */
const RESERVED = new Set('auth client errors index logger node package runtime sandbox schema scopes'.split(' '))
/** Classes may not hide what generated code itself names. */
const GLOBALS = new Set(['Promise', 'Readonly', 'NonNullable'])
/** A tar header has room for 100 bytes, `package/operations/` and `.d.ts` included. */
const LONGEST = 70

export function modules(plan: SdkPlan): Module[] {
  const taken = new Set<string>()
  const paths = new Map(plan.resources.map((resource) => [resource, modulePath(resource.path, taken)]))
  const build = (resource: ResourcePlan): Module => {
    const { path } = resource
    const name = path.map(upperFirst).join('')
    return {
      resource,
      path: paths.get(resource) ?? '',
      className: GLOBALS.has(name) ? `${name}Resource` : name,
      property: path.at(-1) ?? '',
      children: plan.resources
        .filter(
          (other) => other.path.length === path.length + 1 && path.every((part, index) => other.path[index] === part),
        )
        .map(build),
    }
  }
  return plan.resources.filter(({ path }) => path.length === 1).map(build)
}

export function flatten(tree: readonly Module[]): Module[] {
  return tree.flatMap((module) => [module, ...flatten(module.children)])
}

/** File systems may not tell `Teams` from `teams`. */
function modulePath(path: readonly string[], taken: Set<string>): string {
  let result = path.join('/')
  if (RESERVED.has(path[0]?.toLowerCase() ?? '')) result = `${path[0]}_${result.slice(path[0]?.length)}`
  if (result.length > LONGEST) result = `${result.slice(0, LONGEST - 7).replace(/\/$/, '')}_${suffix(path.join('/'))}`
  while (taken.has(result.toLowerCase())) result = `${result}_${suffix(path.join('/'))}`
  taken.add(result.toLowerCase())
  return result
}

/** Names of an operation's types, unique among those of its module. */
export function typeNames(operations: readonly OperationPlan[]): ReadonlyMap<string, string> {
  const taken = new Set<string>()
  return new Map(
    operations.map(({ id }) => {
      let name = upperFirst(id)
      while (taken.has(name)) name = `${name}_`
      taken.add(name)
      return [id, name]
    }),
  )
}

function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
