import type { TokenSet } from '../tokens.ts'
import { AuthorizationServer } from './authorization-server.ts'
import { type Grant, GrantedTokens } from './granted-tokens.ts'
import type { Auth, GrantOptions } from './options.ts'

export function granted(options: GrantOptions, grant: Grant, initial?: TokenSet): Auth {
  return (context) => {
    const server = new AuthorizationServer(options, context)
    const { store, onInsufficientScope } = options
    return new GrantedTokens({ server, grant, scopes: context.scopes, store, onInsufficientScope, initial })
  }
}
