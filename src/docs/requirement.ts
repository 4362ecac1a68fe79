import type { Credentials } from '../access/credentials.ts'
import { check } from '../access/decide.ts'
import type { Alternative, ApiModel, Operation, SchemeRequirement } from '../model/api.ts'
import { type Inline, plain } from '../wording/inline.ts'
import { names, requirement as say } from '../wording/wording.ts'
import type { Gate } from './gate.ts'
import type { Viewer } from './lens.ts'

type Schemes = ApiModel['schemes']

export interface AlternativeView {
  readonly gate: Gate
  /** False: nobody in particular is looking, and the gate takes no colour. */
  readonly judged: boolean
  readonly words: readonly Inline[]
}

/** The requirement as it stands: "or" between the alternatives, "and" inside one. Empty: the document says nothing. */
export function requirementView(operation: Operation, viewer: Viewer, schemes: Schemes): AlternativeView[] {
  const { credentials } = viewer
  if (!operation.requirement.stated) return []
  return distinct(operation.requirement.alternatives, schemes).map((alternative) => {
    const words = alternativeInWords(alternative, schemes)
    if (credentials === undefined) return { gate: alternative.length === 0 ? 'open' : 'scope', judged: false, words }
    return { gate: alternativeGate(alternative, credentials, viewer.prospect), judged: true, words }
  })
}

/** Two schemes that are the same header read the same, and are one way in. */
export function distinct(alternatives: readonly Alternative[], schemes: Schemes): Alternative[] {
  return [
    ...new Map(
      alternatives.map((alternative) => [plain(alternativeInWords(alternative, schemes)), alternative]),
    ).values(),
  ]
}

function alternativeGate(alternative: Alternative, credentials: Credentials, prospect: Viewer['prospect']): Gate {
  const tokens = alternative.filter(({ token }) => token)
  const together = [...new Set(tokens.flatMap((token) => token.scopes))]
  if (tokens.length > 0 && prospect?.(together).possible === false) return 'shut'
  const { schemes, scopes } = check(tokens, credentials)
  if (schemes.length > 0 || scopes.length > 0) return 'scope'
  // Whether a caller also has the key or certificate, no lens can tell.
  return tokens.length === alternative.length ? 'open' : 'unknown'
}

/** `directory:admin` and `audit:write`, with the header `X-Audit-Reason`. */
export function alternativeInWords(alternative: Alternative, schemes: Schemes): readonly Inline[] {
  if (alternative.length === 0) return [say.nothing]
  const tokens = alternative.filter((requirement) => requirement.token)
  const others = say.all(
    alternative
      .filter((requirement) => !requirement.token)
      .map((requirement) => credentialInWords(requirement, schemes)),
  )
  if (tokens.length === 0) return others
  const scopes = [...new Set(tokens.flatMap((requirement) => requirement.scopes))]
  const token = scopes.length === 0 ? [say.anyToken] : names(scopes, 'and')
  return others.length === 0 ? token : say.tokenWith(token, others)
}

/** What no token stands for: "the header X-Audit-Reason". */
function credentialInWords({ scheme: name, scopes }: SchemeRequirement, schemes: Schemes): Inline[] {
  const scheme = Object.hasOwn(schemes, name) ? schemes[name] : undefined
  return [...schemeInWords(name, scheme), ...(scopes.length === 0 ? [] : say.holding(scopes))]
}

function schemeInWords(name: string, scheme: Schemes[string] | undefined): Inline[] {
  if (scheme === undefined) return say.undescribed(name)
  if (scheme.type === 'apiKey') return say.key(scheme.in ?? 'header', scheme.parameter ?? name)
  if (scheme.type === 'mutualTLS') return [say.certificate]
  return scheme.scheme === 'basic' ? [say.basic] : say.http(scheme.scheme ?? name)
}
