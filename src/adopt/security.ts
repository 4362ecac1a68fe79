import type { ApiModel } from '../model/api.ts'
import { isObject, type Json, strings } from '../model/document.ts'

export interface NewScheme {
  readonly name: string
  /** An overlay's update of the document's root. */
  readonly update: Json
  readonly reason: string
}

type Schemes = ApiModel['schemes']

/** The scheme that scopes go with: one of the document's own that a token stands for, or else a new one. */
export function chooseScheme({ schemes, sourceVersion }: Pick<ApiModel, 'schemes' | 'sourceVersion'>): {
  readonly name: string
  readonly added?: NewScheme
} {
  const own = Object.values(schemes).filter(({ token }) => token)
  const best = ['oauth2', 'openIdConnect', 'http'].flatMap((type) => own.filter((scheme) => scheme.type === type))[0]
  if (best !== undefined) return { name: best.name }
  const name =
    ['bearerAuth', 'accessToken', 'bearerAuthWithScopes'].find((free) => !Object.hasOwn(schemes, free)) ?? 'token'
  const reason = 'The document has no scheme that a token stands for, and only a token holds scopes.'
  const update = sourceVersion.startsWith('2')
    ? {
        securityDefinitions: {
          [name]: { type: 'oauth2', flow: 'application', tokenUrl: '/oauth/token', scopes: {} },
        },
      }
    : { components: { securitySchemes: { [name]: { type: 'http', scheme: 'bearer' } } } }
  return { name, added: { name, update, reason } }
}

/**
 * A `security` that asks for the scope wherever it asked for a token. An API key or a certificate on its own stays a way in:
 * taking one away is not for a proposal to do.
 */
export function securityWith(
  stated: unknown,
  { scope, scheme, schemes }: { readonly scope: string; readonly scheme: string; readonly schemes: Schemes },
): Json[] {
  const alternatives = (Array.isArray(stated) ? stated : []).filter(isObject)
  const scoped = alternatives.map((alternative) =>
    Object.fromEntries(
      Object.entries(alternative).map(([name, scopes]) => [name, isToken(name, schemes) ? [scope] : strings(scopes)]),
    ),
  )
  const byToken = alternatives.some((alternative) => Object.keys(alternative).some((name) => isToken(name, schemes)))
  return byToken ? scoped : [...scoped, { [scheme]: [scope] }]
}

function isToken(name: string, schemes: Schemes): boolean {
  return Object.hasOwn(schemes, name) && schemes[name]?.token === true
}
