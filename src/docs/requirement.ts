import type { Credentials } from '../access/credentials.ts'
import { check } from '../access/decide.ts'
import type { Alternative, ApiModel, Operation, SchemeRequirement } from '../model/api.ts'
import type { Gate } from './gate.ts'
import { code, type Inline, names, plain } from './inline.ts'
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
    return { gate: alternativeGate(alternative, credentials), judged: true, words }
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

function alternativeGate(alternative: Alternative, credentials: Credentials): Gate {
  const tokens = alternative.filter(({ token }) => token)
  const { schemes, scopes } = check(tokens, credentials)
  if (schemes.length > 0 || scopes.length > 0) return 'scope'
  // Whether a caller also has the key or certificate, no lens can tell.
  return tokens.length === alternative.length ? 'open' : 'unknown'
}

/** `directory:admin` and `audit:write`, with the header `X-Audit-Reason`. */
export function alternativeInWords(alternative: Alternative, schemes: Schemes): Inline[] {
  if (alternative.length === 0) return ['nothing: anyone may call it']
  const tokens = alternative.filter((requirement) => requirement.token)
  const others = alternative
    .filter((requirement) => !requirement.token)
    .flatMap((requirement, index) => [...(index === 0 ? [] : [' and ']), ...credentialInWords(requirement, schemes)])
  if (tokens.length === 0) return others
  const scopes = [...new Set(tokens.flatMap((requirement) => requirement.scopes))]
  const token: Inline[] = scopes.length === 0 ? ['a token, whatever its scopes'] : names(scopes, 'and')
  return others.length === 0 ? token : [...token, ', with ', ...others]
}

/** What no token stands for: "the header X-Audit-Reason". */
export function credentialInWords({ scheme: name, scopes }: SchemeRequirement, schemes: Schemes): Inline[] {
  const holding: Inline[] = scopes.length === 0 ? [] : [' holding ', ...names(scopes, 'and')]
  const scheme = Object.hasOwn(schemes, name) ? schemes[name] : undefined
  if (scheme === undefined)
    return ['credentials called ', code(name), ', which the document doesn’t describe', ...holding]
  if (scheme.type === 'apiKey') {
    const place = { header: 'the header ', query: 'the query parameter ', cookie: 'the cookie ' }[scheme.in ?? 'header']
    return [place, code(scheme.parameter ?? name), ...holding]
  }
  if (scheme.type === 'mutualTLS') return ['a client certificate', ...holding]
  if (scheme.scheme === 'basic') return ['a user name and password', ...holding]
  return ['HTTP ', code(scheme.scheme ?? 'authentication'), ' credentials', ...holding]
}
