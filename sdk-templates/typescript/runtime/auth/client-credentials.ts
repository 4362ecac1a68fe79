import { granted } from './auth.ts'
import type { Auth, GrantOptions } from './options.ts'

/**
 * Tokens in the client's own name (RFC 6749 section 4.4): for programs on a server. Without `clientSecret`,
 * `clientAuthentication` says who the client is: `privateKeyJwt(key)`.
 */
export function clientCredentials(options: GrantOptions): Auth {
  return granted(options, {
    ofPerson: false,
    begin: (server, scopes) => {
      const parameters = server.parameters(scopes)
      parameters.set('grant_type', 'client_credentials')
      return server.token(parameters)
    },
  })
}
