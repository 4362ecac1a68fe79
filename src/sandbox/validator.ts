import { refName, resolve, type Schema, type SchemaObject, type Schemas } from '../model/schema.ts'
import { type Check, checksOf, type Evaluated, every, include, isRecord, type Mismatch } from './schema-check.ts'

export type { Mismatch } from './schema-check.ts'

/**
 * Validates values against a document's schemas. Schemas become functions when they are first needed: no code is
 * generated, so that it runs under a strict content security policy, and the same verdicts come out everywhere.
 */
export class Validator {
  readonly #schemas: Schemas
  /** Required members that only the other direction has aren't asked for (OpenAPI 3.1 section 4.8.24.2). */
  readonly foreign: 'readOnly' | 'writeOnly'
  readonly #checks = new WeakMap<SchemaObject, Check>()
  readonly #valid = new WeakMap<SchemaObject, WeakSet<object>>()

  constructor(schemas: Schemas, direction: 'request' | 'response') {
    this.#schemas = schemas
    this.foreign = direction === 'request' ? 'readOnly' : 'writeOnly'
  }

  /** What doesn't fit, with where. Empty: the value is valid. */
  check(value: unknown, schema: Schema): readonly Mismatch[] {
    const check = this.#compile(schema)
    try {
      if (check(value, '', undefined, undefined)) return NONE
      const found: Mismatch[] = []
      check(value, '', found, undefined)
      return distinct(found)
    } catch (error) {
      // A schema that refers to itself without end says nothing that could be checked.
      if (error instanceof RangeError) return NONE
      throw error
    }
  }

  /** The same for values that never change: what was found valid once is not looked at again. */
  checkOnce(value: object, schema: Schema): readonly Mismatch[] {
    if (typeof schema === 'boolean') return this.check(value, schema)
    const valid = this.#valid.get(schema) ?? new WeakSet()
    this.#valid.set(schema, valid)
    if (valid.has(value)) return NONE
    const mismatches = this.check(value, schema)
    if (mismatches.length === 0) valid.add(value)
    return mismatches
  }

  readonly #compile = (schema: Schema): Check => {
    if (schema === true) return ANYTHING
    if (schema === false) return NOTHING
    const known = this.#checks.get(schema)
    if (known !== undefined) return known
    // Known before it is complete, for schemas that contain themselves.
    let compiled: Check | undefined
    const late: Check = (value, pointer, found, evaluated) => {
      compiled ??= this.#made(schema)
      return compiled(value, pointer, found, evaluated)
    }
    this.#checks.set(schema, late)
    return late
  }

  #made(schema: SchemaObject): Check {
    const checks = checksOf(schema, {
      compile: this.#compile,
      target: (ref) => {
        const name = refName(ref)
        return name !== undefined && Object.hasOwn(this.#schemas, name) ? this.#schemas[name] : undefined
      },
      skips: (owner, name) => this.#skips(owner, name),
    })
    const [first, second] = checks
    if (schema.unevaluatedProperties !== undefined || schema.unevaluatedItems !== undefined)
      // What stands beside this schema, in another's `allOf`, doesn't count here; what it describes counts there.
      return (value, pointer, found, outer) => {
        const evaluated: Evaluated = { names: new Set(), indexes: new Set() }
        const fits = every(checks, value, pointer, found, evaluated)
        include(evaluated, outer)
        return fits
      }
    if (first === undefined) return ANYTHING
    if (second === undefined) return first
    return (value, pointer, found, evaluated) => every(checks, value, pointer, found, evaluated)
  }

  #skips(schema: SchemaObject, name: string): boolean {
    const member =
      isRecord(schema.properties) && Object.hasOwn(schema.properties, name) ? schema.properties[name] : true
    if (typeof member === 'object' && member[this.foreign] === true) return true
    const target = resolve(member, this.#schemas)
    return typeof target === 'object' && target[this.foreign] === true
  }
}

const NONE: readonly Mismatch[] = []
const ANYTHING: Check = () => true
const NOTHING: Check = (_, pointer, found) => {
  found?.push({ pointer, detail: 'is not allowed here', structural: true })
  return false
}

function distinct(found: readonly Mismatch[]): readonly Mismatch[] {
  const seen = new Map(found.map((mismatch) => [`${mismatch.pointer} ${mismatch.detail}`, mismatch]))
  return seen.size > 0 ? [...seen.values()] : [{ pointer: '', detail: 'does not fit the schema', structural: false }]
}
