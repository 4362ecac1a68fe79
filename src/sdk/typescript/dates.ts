import { refName, resolve, type Schema, type SchemaObject, type Schemas } from '../../model/schema.ts'
import { subschemas } from '../../model/schema-walk.ts'
import type { OperationPlan, ResultKind } from '../plan/plan.ts'
import { key, literal } from './text.ts'

/** Expressions, as what the shapes of an operation's dates are written. */
export interface OperationDates {
  readonly result: string | undefined
  readonly failures: string | undefined
}

/** `date-time` as text: what becomes a `Date` where the SDK has dates. */
export function isDateTime(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false
  const { type, format } = schema as Readonly<Record<string, unknown>>
  return format === 'date-time' && (type === 'string' || (Array.isArray(type) && type.includes('string')))
}

/** Where dates are in results: an expression for each operation, and `dates.ts`, which the expressions refer to. */
export class DateShapes {
  readonly #schemas: Schemas
  readonly #dated = new Map<string, boolean>()
  readonly #names = new Map<string, string>()

  constructor(schemas: Schemas) {
    this.#schemas = schemas
  }

  /** The shapes of what an operation answers, or of each item in it where that is a stream; undefined: it holds no date. */
  of({ result, failures }: OperationPlan): OperationDates | undefined {
    const structured = ({ kind }: { readonly kind: ResultKind }): boolean => ['json', 'events', 'lines'].includes(kind)
    const bodies = [...(structured(result) ? result.variants : []), ...result.others.filter(structured)]
    const dates = {
      result: this.#union(bodies.map(({ schema }) => schema)),
      failures: this.#union(failures.flatMap((failure) => failure.bodies.map(({ schema }) => schema))),
    }
    return dates.result === undefined && dates.failures === undefined ? undefined : dates
  }

  #union(schemas: readonly (Schema | undefined)[]): string | undefined {
    const shapes = [...new Set(schemas.flatMap((schema) => this.#shape(schema, '$dates.') ?? []))]
    if (shapes.length <= 1) return shapes[0]
    return `{ any: [${shapes.map((shape) => `() => (${shape})`).join(', ')}] }`
  }

  /** `dates.ts`: a constant for each named schema that the expressions led to. */
  render(): string {
    const written: string[] = []
    // A shape that is written may name others.
    for (const [source, name] of this.#names)
      written.push(`export const ${name}: $Shape = ${this.#shape(this.#schemas[source], '') ?? '{}'}\n`)
    return `import type { Shape as $Shape } from './runtime/dates.ts'\n\n${written.join('')}`
  }

  #shape(schema: Schema | undefined, prefix: string): string | undefined {
    if (typeof schema !== 'object' || !this.#holdsDate(schema)) return undefined
    const thunk = (child: Schema | undefined): string | undefined => {
      const shape = this.#shape(child, prefix)
      return shape === undefined ? undefined : `() => (${shape})`
    }
    const name = typeof schema.$ref === 'string' ? refName(schema.$ref) : undefined
    const members = Object.entries(schema.properties ?? {}).flatMap(([member, child]) => {
      const shape = thunk(child)
      return shape === undefined ? [] : [`${key(member)}: ${shape}`]
    })
    const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((child) => {
      const shape = this.#shape(child, prefix)
      const only = shape === undefined ? {} : this.#marks(child, schema.discriminator)
      if (shape === undefined || Object.keys(only).length === 0) return thunk(child) ?? []
      return `() => ({ only: ${literal(only)}, any: [() => (${shape})] })`
    })
    const any = [...(schema.allOf ?? []).flatMap((child) => thunk(child) ?? []), ...branches]
    if (name !== undefined && this.#holdsDate(this.#schemas[name])) any.push(`() => ${prefix}${this.#name(name)}`)
    const items = thunk(schema.items)
    const tuple = (schema.prefixItems ?? []).map((item) => thunk(item) ?? 'undefined')
    const patterns = Object.values(schema.patternProperties ?? {}).flatMap((child) => thunk(child) ?? [])
    const mapped = [...patterns, ...[thunk(schema.additionalProperties) ?? []].flat()]
    const values = mapped.length > 1 ? `() => ({ any: [${mapped.join(', ')}] })` : mapped[0]
    const parts = [
      ...(isDateTime(schema) ? ['date: true'] : []),
      ...(members.length > 0 ? [`members: { ${members.join(', ')} }`] : []),
      ...(tuple.some((item) => item !== 'undefined') ? [`tuple: [${tuple.join(', ')}]`] : []),
      ...(items === undefined ? [] : [`items: ${items}`]),
      ...(values === undefined ? [] : [`values: ${values}`]),
      ...(any.length > 0 ? [`any: [${any.join(', ')}]`] : []),
    ]
    return parts.length === 0 ? undefined : `{ ${parts.join(', ')} }`
  }

  /** What tells a branch of a union from the others: the values that its members must have. */
  #marks(schema: Schema, discriminator: SchemaObject['discriminator']): Record<string, readonly unknown[]> {
    const branch = resolve(schema, this.#schemas)
    if (typeof schema !== 'object' || typeof branch !== 'object') return {}
    const whole = [branch, ...(branch.allOf ?? []).map((part) => resolve(part, this.#schemas))]
    const marks = whole.flatMap((part) =>
      Object.entries((typeof part === 'object' && part.properties) || {}).flatMap(([name, member]) => {
        if (typeof member !== 'object') return []
        const values = member.const === undefined ? member.enum : [member.const]
        return values === undefined ? [] : [[name, values] as const]
      }),
    )
    const { propertyName, mapping = {} } = discriminator ?? {}
    const mapped = Object.entries(mapping).flatMap(([value, target]) => (target === schema.$ref ? [value] : []))
    return {
      ...Object.fromEntries(marks),
      ...(propertyName !== undefined && mapped.length > 0 && { [propertyName]: mapped }),
    }
  }

  #name(source: string): string {
    const name = this.#names.get(source) ?? `shape${this.#names.size}`
    this.#names.set(source, name)
    return name
  }

  /** At any depth; a schema that is being looked at holds none by itself. */
  #holdsDate(schema: Schema | undefined): boolean {
    if (typeof schema !== 'object') return false
    return (
      isDateTime(schema) ||
      [...subschemas(schema)].some(({ schema: child }) => this.#holdsDate(child)) ||
      this.#refHoldsDate(schema)
    )
  }

  #refHoldsDate({ $ref }: SchemaObject): boolean {
    const name = typeof $ref === 'string' ? refName($ref) : undefined
    if (name === undefined || !Object.hasOwn(this.#schemas, name)) return false
    this.#reach()
    return this.#dated.get(name) === true
  }

  /** Which named schemas hold dates: those that have one, and those that lead to one. */
  #reach(): void {
    if (this.#dated.size > 0) return
    const users = new Map<string, string[]>()
    const queue: string[] = []
    for (const [name, schema] of Object.entries(this.#schemas)) {
      this.#dated.set(name, false)
      const visit = (at: Schema): void => {
        if (typeof at !== 'object') return
        if (isDateTime(at)) queue.push(name)
        const target = typeof at.$ref === 'string' ? refName(at.$ref) : undefined
        if (target !== undefined) users.set(target, [...(users.get(target) ?? []), name])
        for (const child of subschemas(at)) visit(child.schema)
      }
      visit(schema)
    }
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      if (this.#dated.get(name) === true) continue
      this.#dated.set(name, true)
      queue.push(...(users.get(name) ?? []))
    }
  }
}
