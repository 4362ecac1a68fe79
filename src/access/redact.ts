import { escapePointer, type Schema, type Schemas } from '../model/schema.ts'
import type { Deny } from './decide.ts'
import { type Description, type GateTable, gateTable, type Shape } from './gates.ts'

/** A value that a body holds and this caller may not see or send. */
export interface Withheld {
  /** JSON Pointer into the body, as it was before anything was taken out: `/data/0/salary`. */
  readonly path: string
  /** The scopes that are missing; all of them are needed. */
  readonly scopes: readonly string[]
}

export interface Redaction {
  /** The body without what is withheld; undefined where that is all of it. The same object where nothing is. */
  readonly body: unknown
  readonly withheld: readonly Withheld[]
  /** The body itself is gated: there is nothing to show, the call is to be denied. */
  readonly denied: boolean
}

/**
 * Takes out of a body what `held` doesn't open: members, map entries and list elements, at any depth. A value that
 * several subschemas describe is withheld if one of them gates it. The input is left as it is.
 */
export function redact(
  body: unknown,
  schema: Schema | undefined,
  schemas: Schemas,
  held: ReadonlySet<string>,
): Redaction {
  const gates = gateTable(schemas)
  const description = schema === undefined ? null : gates.describe([schema])
  if (description === null) return { body, withheld: [], denied: false }
  const redactor = new Redactor(gates, held)
  const step = redactor.step(description)
  const result = step === null ? body : redactor.visit(body, step, '')
  const denied = result === WITHHELD
  return { body: denied ? undefined : result, withheld: redactor.withheld, denied }
}

const WITHHELD = Symbol('withheld')
/** A gate may stand anywhere in what is nested deeper than this, so all of it is withheld. */
const DEEPEST = 500

/** What is to be done with a value, where something in it may have to be withheld. */
interface Step {
  readonly description: Description
  /** The missing scopes, where it is withheld whatever it is. */
  readonly missing: readonly string[] | undefined
}

class Redactor {
  readonly withheld: Withheld[] = []
  readonly #gates: GateTable
  readonly #held: ReadonlySet<string>
  readonly #steps = new Map<Description, Step | null>()
  readonly #members = new Map<Shape, Map<string, Step | null>>()
  #depth = 0

  constructor(gates: GateTable, held: ReadonlySet<string>) {
    this.#gates = gates
    this.#held = held
  }

  /** Null: everything is held that could be asked for. */
  step(description: Description | null): Step | null {
    if (description === null) return null
    const known = this.#steps.get(description)
    if (known !== undefined) return known
    const step =
      this.#missing(description.gates).length === 0 ? null : { description, missing: this.#always(description) }
    this.#steps.set(description, step)
    return step
  }

  visit(value: unknown, { description, missing }: Step, path: string): unknown {
    if (missing !== undefined) return this.#withhold(missing, path)
    const shape = this.#gates.shape(description, value)
    const gates = typeof value === 'string' ? [...shape.scopes, ...shape.content] : shape.scopes
    const lacking = gates.length === 0 ? gates : this.#missing(gates)
    if (lacking.length > 0) return this.#withhold(lacking, path)
    if (typeof value !== 'object' || value === null) return value
    if (this.#depth >= DEEPEST) return this.#withhold(this.#missing(description.gates), path)
    this.#depth++
    const after = Array.isArray(value)
      ? this.#list(value, shape, path)
      : this.#object(value as Record<string, unknown>, shape, path)
    this.#depth--
    return after
  }

  #list(list: readonly unknown[], shape: Shape, path: string): unknown {
    let copy: unknown[] | undefined
    for (let index = 0; index < list.length; index++) {
      const before = list[index]
      const step = this.step(this.#gates.element(shape, index))
      const after = step === null ? before : this.visit(before, step, `${path}/${index}`)
      if (after !== before && copy === undefined) copy = list.slice(0, index)
      if (copy !== undefined && after !== WITHHELD) copy.push(after)
    }
    return copy ?? list
  }

  #object(object: Readonly<Record<string, unknown>>, shape: Shape, path: string): unknown {
    const names = Object.keys(object)
    const steps = this.#stepsOf(shape)
    let copy: Record<string, unknown> | undefined
    for (const name of names) {
      const before = object[name]
      let step = steps.get(name)
      if (step === undefined) {
        step = this.step(this.#gates.member(shape, name))
        steps.set(name, step)
      }
      const after = step === null ? before : this.visit(before, step, `${path}/${escapePointer(name)}`)
      if (after !== before && copy === undefined) {
        copy = {}
        for (const earlier of names) {
          if (earlier === name) break
          define(copy, earlier, object[earlier])
        }
      }
      if (copy !== undefined && after !== WITHHELD) define(copy, name, after)
    }
    return copy ?? object
  }

  #stepsOf(shape: Shape): Map<string, Step | null> {
    const known = this.#members.get(shape)
    if (known !== undefined) return known
    const steps = new Map<string, Step | null>()
    this.#members.set(shape, steps)
    return steps
  }

  /** What is missing for any value that is described like this; undefined where the value has a say, or nothing is. */
  #always(description: Description): readonly string[] | undefined {
    if (description.deciding.length > 0) return undefined
    const missing = this.#missing(this.#gates.shape(description, undefined).scopes)
    return missing.length === 0 ? undefined : missing
  }

  #missing(scopes: Iterable<string>): readonly string[] {
    return [...scopes].filter((scope) => !this.#held.has(scope))
  }

  #withhold(scopes: readonly string[], path: string): typeof WITHHELD {
    this.withheld.push({ path, scopes })
    return WITHHELD
  }
}

/** As an assignment, but a member called `__proto__` is one. */
function define(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
}

/** The gated values that a request's body carries and its sender may not send. */
export function gatedSent(
  body: unknown,
  schema: Schema | undefined,
  schemas: Schemas,
  held: ReadonlySet<string>,
): readonly Withheld[] {
  return redact(body, schema, schemas, held).withheld
}

/** The decision where a request carries, or an answer consists of, what its sender lacks the scopes for. */
export function denyFields(withheld: readonly Withheld[]): Deny {
  const scope = [...new Set(withheld.flatMap(({ scopes }) => scopes))].sort()
  const names = withheld.map(({ path }) => path || 'the body')
  const why = `The token lacks ${scope.join(' and ')}, needed for ${[...new Set(names)].join(', ')}.`
  const error = 'insufficient_scope'
  return { allow: false, status: 403, error, missing: [scope], challenge: { error, description: why, scope }, why }
}
