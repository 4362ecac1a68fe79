import { createServer } from 'node:http'
import { exportJWK, generateKeyPair } from 'jose'
import { type JWKS, Provider } from 'oidc-provider'
import { benchDoors } from './serve.ts'

/** oidc-provider as it comes, with its in-memory adapter, for the same tokens. */
const [port = ''] = process.argv.slice(2)
const issuer = `http://127.0.0.1:${port}`
const resource = 'https://api.example/'
const { privateKey } = await generateKeyPair('ES256', { extractable: true })
const provider = new Provider(`${issuer}/oauth`, {
  jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'one' }] } as JWKS,
  clients: [
    {
      client_id: 'service',
      client_secret: 'secret',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      id_token_signed_response_alg: 'ES256',
    },
    {
      client_id: 'app',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: ['https://app.example/callback'],
      id_token_signed_response_alg: 'ES256',
    },
  ],
  scopes: ['openid', 'offline_access', 'api:read'],
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  rotateRefreshToken: true,
  extraTokenClaims: (_, { scope, ...token }) => ({
    scp: scope?.split(' ') ?? [],
    ...('grantId' in token ? { grant_id: token.grantId } : {}),
  }),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        scope: 'api:read',
        audience: resource,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
})

async function refreshToken(): Promise<string> {
  const client = await provider.Client.find('app')
  if (client === undefined) throw new Error('There is no app.')
  const grant = new provider.Grant({ accountId: 'kim', clientId: 'app' })
  grant.addResourceScope(resource, 'api:read')
  const grantId = await grant.save()
  const token = {
    accountId: 'kim',
    client,
    grantId,
    gty: 'authorization_code',
    resource,
    scope: 'api:read',
    authTime: 0,
  }
  return new provider.RefreshToken(token as never).save()
}

const doors = new Map(
  benchDoors(async (many) => ({
    clientId: 'service',
    clientSecret: 'secret',
    resource,
    scope: 'api:read',
    publicClientId: 'app',
    refreshResource: resource,
    refreshTokens: await Promise.all(Array.from({ length: many }, refreshToken)),
  })),
)
const callback = provider.callback()
createServer((request, response) => {
  const door = doors.get((request.url ?? '').split('?', 1)[0] ?? '')
  if (door !== undefined) return void door(request, response)
  request.url = (request.url ?? '').replace(/^\/oauth/, '')
  void callback(request, response)
}).listen(Number(port), '127.0.0.1')
