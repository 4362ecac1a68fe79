import * as oauth from 'oauth4webapi'
import { type Needs, transport } from '../grants.ts'
import { GrantedTokens } from './granted-tokens.ts'
import { http } from './library.ts'

/** Gets the tokens now, rather than at the first call: of a person, by having them sign in. */
export async function signIn(client: Needs<never>): Promise<void> {
  await client[transport].tokens?.get({ id: 'signIn' })
}

/**
 * Forgets the tokens, and has the authorization server revoke them (RFC 7009) where it can. They are forgotten also if that
 * fails.
 */
export async function signOut(client: Needs<never>): Promise<void> {
  const { tokens: source } = client[transport]
  if (!(source instanceof GrantedTokens)) return
  await source.end((server, { accessToken, refreshToken }) =>
    server.request(
      async (party) => {
        const { server: at, client: id, authentication } = party
        if (at.revocation_endpoint === undefined) return
        // With the refresh token, the server revokes what came of it.
        const token = refreshToken ?? accessToken
        await oauth.processRevocationResponse(await oauth.revocationRequest(at, id, authentication, token, http(party)))
      },
      [accessToken, refreshToken ?? ''],
    ),
  )
}
