import * as oauth from 'oauth4webapi'
import type { ClientAuthentication } from './options.ts'

/**
 * The client signs who it is (RFC 7523 `private_key_jwt`), with a key that `crypto.subtle.importKey` gave.
 *
 * @param keyId of the public key that the authorization server knows
 */
export function privateKeyJwt(key: CryptoKey, keyId?: string): ClientAuthentication {
  return oauth.PrivateKeyJwt(keyId === undefined ? key : { key, kid: keyId })
}
