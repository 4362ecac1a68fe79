import { escapePointer, type Schema, type Schemas } from '../model/schema.ts'
import type { Deny } from './decide.ts'
import { gateTable } from './gates.ts'

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
  const withheld: Withheld[] = []

  /** @param described the schemas that lead to a gate; without any, the value is of no interest */
  const visit = (value: unknown, described: readonly Schema[], path: string): unknown => {
    if (described.length === 0) return value
    const applied = gates.applied(described, value)
    const missing = new Set<string>()
    for (const one of applied.schemas) for (const scope of gates.scopes(one)) if (!held.has(scope)) missing.add(scope)
    if (missing.size > 0) {
      withheld.push({ path, scopes: [...missing] })
      return WITHHELD
    }
    if (Array.isArray(value)) {
      const elements = value.map((element: unknown, index) =>
        visit(element, gates.element(applied, index), `${path}/${index}`),
      )
      return same(value, elements) ? value : elements.filter((element) => element !== WITHHELD)
    }
    if (typeof value === 'object' && value !== null) {
      const members: [string, unknown][] = []
      let changed = false
      for (const [name, before] of Object.entries(value) as [string, unknown][]) {
        const schemas = gates.member(applied, name)
        const after = schemas.length === 0 ? before : visit(before, schemas, `${path}/${escapePointer(name)}`)
        changed ||= after !== before
        if (after !== WITHHELD) members.push([name, after])
      }
      // fromEntries defines, it doesn't assign: a member called __proto__ stays one.
      return changed ? Object.fromEntries(members) : value
    }
    return value
  }

  const result = visit(body, schema !== undefined && gates.reaches(schema) ? [schema] : [], '')
  const denied = result === WITHHELD
  return { body: denied ? undefined : result, withheld, denied }
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

const WITHHELD = Symbol('withheld')

function same(before: readonly unknown[], after: readonly unknown[]): boolean {
  return after.every((element, index) => element === before[index])
}
