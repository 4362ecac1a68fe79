import { type Credentials, heldScopes, satisfy } from '../access/credentials.ts'
import { gateTable } from '../access/gates.ts'
import { type Redaction, redact } from '../access/redact.ts'
import type { Operation } from '../model/api.ts'
import type { Schema, Schemas } from '../model/schema.ts'
import type { Inline } from '../wording/inline.ts'
import { schema as say } from '../wording/wording.ts'
import type { Gate } from './gate.ts'
import type { Viewer } from './lens.ts'

/** Why a field isn't there for whom the page is seen as. */
export interface Withheld {
  /** `scope`: a token with its scopes would show it; `shut`: there is no such token. */
  readonly gate: Extract<Gate, 'scope' | 'shut'>
  /** A clause: "needs a and b". */
  readonly why: readonly Inline[]
}

/** @param scopes of a field; undefined: it is seen */
export function withheld(scopes: readonly string[], viewer: Viewer): Withheld | undefined {
  const { credentials } = viewer
  if (credentials === undefined || scopes.length === 0) return undefined
  const why = refused(scopes, viewer)
  if (why !== undefined) return { gate: 'shut', why }
  const held = heldScopes(credentials)
  return scopes.every((scope) => held.has(scope)) ? undefined : { gate: 'scope', why: say.needs(scopes) }
}

/** What the policies say against a token with these scopes that makes one of the viewer's calls. */
function refused(scopes: readonly string[], { prospect, ways }: Viewer): readonly Inline[] | undefined {
  if (prospect === undefined) return undefined
  const alone = prospect(scopes)
  if (!alone.possible) return 'unassigned' in alone ? [say.unassigned] : say.ungranted(scopes)
  const sets = (ways?.() ?? []).map((way) => [...new Set([...way, ...scopes])])
  if (sets.length === 0 || sets.some((set) => prospect(set).possible)) return undefined
  return say.ungranted(sets.reduce((best, set) => (set.length < best.length ? set : best)))
}

/** The same viewer, where fields are seen by making one of these calls: a token that shows a field makes the call, too. */
export function calling(operations: readonly Operation[], viewer: Viewer): Viewer {
  const { credentials, prospect } = viewer
  if (credentials === undefined || prospect === undefined) return viewer
  let known: readonly (readonly string[])[] | undefined
  // Few fields take a scope: most pages never ask.
  return { ...viewer, ways: () => (known ??= waysInto(operations, credentials)) }
}

/** The scopes of each way in that is held; where none is, of all that there are. */
function waysInto(operations: readonly Operation[], credentials: Credentials): readonly (readonly string[])[] {
  const all = operations.flatMap(({ requirement }) => requirement.alternatives)
  const open = all.filter((alternative) => satisfy(credentials, alternative))
  const ways = (open.length > 0 ? open : all).map((alternative) => [
    ...new Set(alternative.filter(({ token }) => token).flatMap((scheme) => scheme.scopes)),
  ])
  return [...new Map(ways.map((way) => [way.toSorted().join(' '), way])).values()]
}

/** Of these scopes, as many as one token of the viewer can hold, the first ones first. */
function heldTogether(scopes: Iterable<string>, viewer: Viewer): ReadonlySet<string> {
  const held: string[] = []
  for (const scope of scopes) if (withheld([...held, scope], viewer) === undefined) held.push(scope)
  return new Set(held)
}

/** The viewer's scopes; where no rule grants them together, as many as one token holds that makes the call. */
export function scopesTogether(operation: Operation, viewer: Viewer): readonly string[] {
  const { prospect, scopes } = viewer
  if (prospect === undefined || prospect(scopes).possible) return scopes
  const together = heldTogether(scopes, calling([operation], viewer))
  return together.size > 0 ? [...together] : scopes
}

/** A body as one token of the viewer gets it, or may send it. */
export function redacted(body: unknown, schema: Schema | undefined, schemas: Schemas, viewer: Viewer): Redaction {
  if (viewer.credentials === undefined || schema === undefined) return { body, withheld: [], denied: false }
  return redact(body, schema, schemas, heldTogether(gateTable(schemas).all(schema), viewer))
}
