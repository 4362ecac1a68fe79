import type { Kind } from '../model/api.ts'

/** RFC 8628, section 3.4. */
const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code'

interface KindRules {
  readonly grants: readonly string[]
  /** The first is the default. */
  readonly authentication: readonly string[]
  readonly applicationType: 'web' | 'native'
}

const CONFIDENTIAL = ['client_secret_basic', 'client_secret_post', 'private_key_jwt']
const CODE = ['authorization_code', 'refresh_token']

/** Apps that a browser is sent back to. */
export function hasRedirectUris(kind: Kind): boolean {
  return kind !== 'service' && kind !== 'device'
}

/** What follows from the kind: a browser or a phone can't keep a secret, a service has no user. */
export const KIND_RULES: Readonly<Record<Kind, KindRules>> = {
  service: { grants: ['client_credentials'], authentication: CONFIDENTIAL, applicationType: 'web' },
  web: { grants: CODE, authentication: CONFIDENTIAL, applicationType: 'web' },
  'single-page': { grants: CODE, authentication: ['none'], applicationType: 'web' },
  native: { grants: CODE, authentication: ['none'], applicationType: 'native' },
  device: {
    grants: [DEVICE_CODE, 'refresh_token'],
    authentication: ['none', ...CONFIDENTIAL],
    applicationType: 'native',
  },
}

export const GRANTS: readonly string[] = [...new Set(Object.values(KIND_RULES).flatMap(({ grants }) => grants))]

/** For a client that speaks plain RFC 7591 and says no kind. */
export function inferKind(metadata: {
  readonly grant_types?: unknown
  readonly token_endpoint_auth_method?: unknown
  readonly application_type?: unknown
}): Kind {
  const grants: unknown = metadata.grant_types
  if (Array.isArray(grants) && grants.includes(DEVICE_CODE)) return 'device'
  if (metadata.application_type === 'native') return 'native'
  if (metadata.token_endpoint_auth_method === 'none') return 'single-page'
  return Array.isArray(grants) && !grants.includes('authorization_code') ? 'service' : 'web'
}
