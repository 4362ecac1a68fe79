import type { Kind } from '../model/api.ts'

export type { Kind } from '../model/api.ts'

/** Kinds of app that may be registered. Devices come with the device flow. */
export const KINDS = ['service', 'web', 'single-page', 'native'] as const satisfies readonly Kind[]

interface KindRules {
  readonly grants: readonly string[]
  /** The first is the default. */
  readonly authentication: readonly string[]
  readonly applicationType: 'web' | 'native'
}

const CONFIDENTIAL = ['client_secret_basic', 'client_secret_post', 'private_key_jwt']
const CODE = ['authorization_code', 'refresh_token']

/** What follows from the kind: a browser or a phone can't keep a secret, a service has no user. */
export const KIND_RULES: Readonly<Record<(typeof KINDS)[number], KindRules>> = {
  service: { grants: ['client_credentials'], authentication: CONFIDENTIAL, applicationType: 'web' },
  web: { grants: CODE, authentication: CONFIDENTIAL, applicationType: 'web' },
  'single-page': { grants: CODE, authentication: ['none'], applicationType: 'web' },
  native: { grants: CODE, authentication: ['none'], applicationType: 'native' },
}

/** For a client that speaks plain RFC 7591 and says no kind. */
export function inferKind(metadata: {
  readonly grant_types?: unknown
  readonly token_endpoint_auth_method?: unknown
  readonly application_type?: unknown
}): (typeof KINDS)[number] {
  if (metadata.application_type === 'native') return 'native'
  if (metadata.token_endpoint_auth_method === 'none') return 'single-page'
  const grants: unknown = metadata.grant_types
  return Array.isArray(grants) && !grants.includes('authorization_code') ? 'service' : 'web'
}
