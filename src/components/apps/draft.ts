import type { ApiModel, Kind } from '../../model/api.ts'
import { KINDS } from '../../model/kind.ts'
import type { Registration, RegistrationErrors } from '../../server/portal-people.ts'
import { refusals as say } from '../../wording/wording.ts'
import type { Fields } from '../form/posted.ts'

/** The form of a new app as far as it is filled in: from an address, or as it was posted. */
export interface Draft {
  readonly name: string
  readonly kind: Kind
  /** As typed, one per line. */
  readonly redirectUris: string
  readonly softwareId: string
  /** Public keys, as pasted. */
  readonly jwks: string
  /** Of those that there are to choose, in their order. */
  readonly apis: readonly ApiModel[]
  readonly scopes: readonly string[]
  /** Names of the APIs whose scopes the form showed when it was sent. */
  readonly shown: readonly string[]
}

/**
 * `?api=people&scope=employees:read` fills in as much as it says. The scopes of an API that wasn't shown yet start with its
 * defaults; the only API that there is needs no choosing.
 */
export function readDraft(fields: Fields, apis: readonly ApiModel[]): Draft {
  const named = apis.filter(({ name }) => fields.all('api').includes(name))
  const chosen = named.length === 0 && apis.length === 1 ? apis : named
  const shown = fields.all('shown')
  const stated = fields.all('scope')
  const scopes = chosen.flatMap((api) => {
    const own = api.scopes.filter(({ name }) => stated.includes(name))
    return own.length > 0 || shown.includes(api.name) ? own : api.scopes.filter((scope) => scope.default)
  })
  return {
    name: fields.one('name'),
    kind: KINDS.find((kind) => kind === fields.one('kind')) ?? 'service',
    redirectUris: fields.one('redirectUris'),
    softwareId: fields.one('softwareId'),
    jwks: fields.one('jwks'),
    apis: chosen,
    scopes: [...new Set(scopes.map(({ name }) => name))],
    shown,
  }
}

export function registrationOf({ name, kind, redirectUris, softwareId, jwks, apis, scopes }: Draft): Registration {
  return {
    name: name.trim(),
    kind,
    // What was typed before another kind was chosen is no concern of an app that has none.
    redirectUris: hasRedirects(kind) ? linesOf(redirectUris) : [],
    apis: apis.map((api) => api.name),
    scopes,
    // Nor are keys of one that can't keep a private key.
    ...(jwks.trim() !== '' && mayHoldKey(kind) && { jwks }),
    ...(softwareId.trim() !== '' && { softwareId: softwareId.trim() }),
  }
}

/** Apps that a browser is sent back to. */
export function hasRedirects(kind: Kind): boolean {
  return kind !== 'service' && kind !== 'device'
}

/** Apps that run where a private key can be kept. */
export function mayHoldKey(kind: Kind): boolean {
  return kind === 'service' || kind === 'web'
}

/** What was typed one per line. */
export function linesOf(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** What the form itself can tell, beyond what the authorization server would. */
export function draftErrors(draft: Draft, others: readonly { readonly name: string }[]): RegistrationErrors {
  const unseen = draft.apis.filter(({ name, scopes }) => scopes.length > 0 && !draft.shown.includes(name))
  const taken = others.some(({ name }) => name === draft.name.trim())
  return {
    // Two apps of one name can't be told apart, and a form that is sent again by accident registers nothing.
    ...(taken && { name: say.taken(draft.name.trim()) }),
    ...(unseen.length > 0 && { scopes: say.scopesOf(unseen.map(({ title }) => title)) }),
  }
}
