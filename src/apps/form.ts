import type { JsonValue } from 'oauth4webapi'
import type { Kind } from '../model/api.ts'
import { refusals as say } from '../wording/wording.ts'
import { SIGN_IN_SCOPES } from './app.ts'
import { readPublicKeys } from './public-keys.ts'

/** What a developer says of an app. */
export interface AppForm {
  readonly name: string
  readonly kind: Kind
  readonly apis: readonly string[]
  readonly scopes: readonly string[]
  readonly redirectUris: readonly string[]
  /** What the software says it is (RFC 7591 section 2); counts in policies once an administrator verified it. */
  readonly softwareId?: string
  /**
   * As typed: public keys with which the app proves who it is, instead of a secret ({@link ./public-keys.ts}). Empty: as
   * before.
   */
  readonly jwks?: string
}

export type AppField = keyof AppForm

/** By field; `form` is about all of it. A message a person can act on. */
export type FormErrors = Readonly<Partial<Record<AppField | 'form', string>>>

/** The form as client metadata (RFC 7591, section 2). */
export function metadataOf({
  name,
  kind,
  apis,
  scopes,
  redirectUris,
  softwareId = '',
  jwks = '',
}: AppForm): Record<string, JsonValue> {
  const asksPeople = kind !== 'service'
  const keys = jwks.trim() === '' ? undefined : readPublicKeys(jwks)
  return {
    client_name: name.trim(),
    ...(softwareId.trim() === '' ? {} : { software_id: softwareId.trim() }),
    // Of the two one goes; null stands for what is left out (RFC 7592, section 2.2).
    ...(keys?.ok
      ? { token_endpoint_auth_method: 'private_key_jwt', jwks: null, jwks_uri: null, ...keys.metadata }
      : {}),
    sallyport_kind: kind,
    sallyport_apis: [...apis],
    scope: [...new Set([...scopes, ...(asksPeople ? SIGN_IN_SCOPES : [])])].join(' '),
    ...(hasRedirectUris(kind) ? { redirect_uris: redirectUris.map((uri) => uri.trim()).filter(Boolean) } : {}),
  }
}

/** Of an app that signed before; the secret itself is in the answer. */
export const WITH_SECRET = { token_endpoint_auth_method: 'client_secret_basic', jwks: null, jwks_uri: null } as const

/**
 * What needs no round trip to be seen: all of it at once.
 *
 * @param problemOf why an address can't be registered: "uses http, …"
 */
export function checkForm(
  { name, apis, redirectUris, kind, jwks = '' }: AppForm,
  problemOf: (uri: string, kind: Kind) => string | undefined,
): FormErrors {
  const keys = jwks.trim() === '' ? undefined : readPublicKeys(jwks)
  const uris = hasRedirectUris(kind) ? redirectUris.map((uri) => uri.trim()).filter(Boolean) : undefined
  const [wrong] = (uris ?? []).flatMap((uri) => {
    const problem = problemOf(uri, kind)
    return problem === undefined ? [] : [sentence(`${uri.slice(0, 200)} ${problem}`)]
  })
  return {
    ...(keys?.ok === false ? { jwks: keys.message } : {}),
    ...(name.trim() === '' ? { name: say.name } : {}),
    ...(apis.length === 0 ? { apis: say.apis } : {}),
    ...(uris?.length === 0 ? { redirectUris: say.redirectUris } : {}),
    ...(wrong === undefined ? {} : { redirectUris: wrong }),
  }
}

/** Apps that a browser is sent back to. */
function hasRedirectUris(kind: Kind): boolean {
  return kind === 'web' || kind === 'single-page' || kind === 'native'
}

/** Of stored metadata: what isn't a client's to send back (RFC 7592, section 2.2). */
const NOT_SENT = ['client_secret', 'client_secret_expires_at', 'client_id_issued_at', 'registration_client_uri']

export function keptMetadata(payload: Readonly<Record<string, unknown>>): Record<string, JsonValue> {
  const kept = Object.entries(payload).filter(([member]) => !NOT_SENT.includes(member))
  // Stored as JSON, hence the type.
  return Object.fromEntries(kept) as Record<string, JsonValue>
}

const FIELDS: Readonly<Record<string, AppField>> = {
  client_name: 'name',
  sallyport_kind: 'kind',
  grant_types: 'kind',
  response_types: 'kind',
  token_endpoint_auth_method: 'kind',
  application_type: 'kind',
  sallyport_apis: 'apis',
  scope: 'scopes',
  redirect_uris: 'redirectUris',
  software_id: 'softwareId',
  jwks: 'jwks',
  jwks_uri: 'jwks',
}

/** The authorization server's refusal (RFC 7591, section 3.2.2) as errors of the form's fields. */
export function errorsOf(error: string, description = ''): FormErrors {
  const [, member, problem] = /^([a-z_]+): (.+)$/s.exec(description) ?? []
  const field = error === 'invalid_redirect_uri' ? 'redirectUris' : FIELDS[member ?? '']
  if (field === undefined) return { form: description || say.registration(error) }
  return { [field]: `${sentence(problem ?? description)}` }
}

function sentence(text: string): string {
  // A URI at the start must keep its case.
  const capital = /^[a-z]+( |$)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text
  return /[.!?]$/.test(capital) ? capital : `${capital}.`
}
