import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

/**
 * What a client's authentication must do, and where other clients are known to have failed: each with the test that shows it
 * here. A row whose test is gone, or has another name, fails.
 */
type Row = readonly [what: string, file: string, name: string]

const AUTHENTICATION: readonly Row[] = [
  ['cold calls share one token request', 'token-requests', '100 cold calls make one token request'],
  ['calls over an expiry share one', 'token-expiry', '100 calls over an expiry make one request'],
  [
    'a 401 costs the token that failed',
    'token-expiry',
    'a 401 is answered once with another token, for a POST as well',
  ],
  ['… and not its successor', 'token-expiry', 'a late 401 for an old token does not cost the new one'],
  ['staggered 401s, one refresh', 'token-expiry', 'staggered 401s for one token make one new token'],
  [
    'refreshed early, in the background',
    'token-expiry',
    'in the last fifth of its life it is replaced in the background, and nobody waits',
  ],
  ['… which may fail', 'token-expiry', 'a background refresh that fails harms no call'],
  ['refreshed first, close to its end', 'token-expiry', 'an expired one is replaced before the call'],
  ['no lifetime stated', 'token-expiry', 'a server that says no lifetime: the token lives until it is refused'],
  [
    'clock skew, from the Date header',
    'refresh-tokens',
    "the server's clock counts for an expiry that the server stated, whatever the client's says",
  ],
  ['rotation is not raced', 'refresh-tokens', 'rotation is never raced: each is used once, however many calls wait'],
  [
    '… by two causes of a refresh',
    'refresh-tokens',
    'rotation is not raced by a background refresh and a 401 at the same time',
  ],
  ['… by clients of one store', 'refresh-tokens', 'clients with one store share the tokens and one refresh'],
  [
    '… by another process',
    'refresh-tokens',
    'a refresh token that another process used first: its successor is taken from the store',
  ],
  ['no scope on refresh', 'refresh-tokens', "a caller's set of tokens is used, then refreshed, without a scope"],
  [
    'scope refused on refresh',
    'insufficient-scope',
    'scopes that are refused on refresh are the same error, and the refresh is not tried again',
  ],
  ['a refresh that gives less', 'insufficient-scope', 'a refresh that gives less: the error says what is granted now'],
  [
    'a grant that is gone',
    'refresh-tokens',
    'one that is gone: somebody has to sign in again, and the client does not become itself',
  ],
  ['replayed once', 'token-expiry', 'a call is replayed once in its life, however often it is retried'],
  ['… and never for ever', 'token-expiry', 'a 401 for every token is not answered for ever'],
  ['… apart from retries', 'token-expiry', 'a replay is not counted among the retries'],
  ['… only where the body can be sent again', 'token-expiry', 'a body that is a stream is not sent twice'],
  [
    'step-up: the union, no refresh first',
    'step-up',
    'on insufficient_scope the callback decides; the new token has the union, and no refresh comes first',
  ],
  ['… once for all calls', 'step-up', '100 calls that step up ask once'],
  [
    '… at most once per call',
    'step-up',
    'at most once per call: a server that goes on asking for more ends in an error',
  ],
  [
    '… else a typed error',
    'step-up',
    'where the callback says no, and where there is none, the call fails with what is missing',
  ],
  [
    '… by what was granted',
    'step-up',
    'what was granted counts, not what was asked: a token without the scope is not sent',
  ],
  ['… refused', 'step-up', 'an authorization server that refuses the union'],
  [
    'scopes as needed',
    'token-requests',
    'without scopes of its own, a client asks for what the operation needs, and reuses a token that holds more',
  ],
  ['… coalesced', 'scopes', 'calls that begin together ask once, for the union of their scopes'],
  ['… and apart where the server wants it', 'scopes', 'a union that the server refuses is asked for piece by piece'],
  ['a superset is reused', 'scopes', 'a token for more than is needed is reused; one for less is not'],
  ['what was granted counts', 'scopes', 'what was granted decides about reuse, not what was asked'],
  [
    'a scope that the app may not have',
    'insufficient-scope',
    'scopes that the authorization server refuses: what they are, and where to ask for them',
  ],
  ['no secret in errors', 'secrets', 'a wrong secret is an AuthenticationError that does not hold it'],
  ['… nor what a server echoes', 'secrets', 'an access token that the API echoes is not repeated'],
  ['… nor a refresh token', 'secrets', 'a refresh token that the server echoes is not repeated'],
  ['… nor in what is printed', 'secrets', 'neither secret nor token can be printed'],
  ['… nor in a log', 'calls', 'the logger writes no secret: neither token, header, body nor query'],
  [
    'client credentials, Basic, resource, audience',
    'token-requests',
    'asks for the scopes of the client, for resource and audience, and authenticates by Basic',
  ],
  ['client_secret_post', 'token-requests', 'client_secret_post where it is asked for'],
  ['private_key_jwt', 'people', 'private_key_jwt: the client signs who it is, and has no secret'],
  [
    'code + PKCE by redirect',
    'people',
    'browser redirect: leaves with PKCE, comes back with a code, and the code leaves the address',
  ],
  ['code + PKCE by loopback', 'people', 'code with PKCE, then refresh tokens'],
  [
    'code + PKCE on a server',
    'people',
    'a person is sent away, comes back, and their tokens are for a client of their own',
  ],
  ['mix-up', 'people', "an answer that isn't ours is none: another state, another issuer"],
  ['device', 'people', 'the person is shown a code, and the program waits at the pace of the server'],
  [
    'sign-out with revocation',
    'people',
    'revokes the refresh token, forgets everything, and the next call starts anew',
  ],
  ['… not undone by a refresh', 'people', 'a refresh that is under way brings nothing back'],
  ['metadata of another issuer', 'token-requests', "metadata of another issuer is nobody's"],
  ['slow, half, wrong, 429', 'token-requests', 'a token endpoint that gives %s'],
  ['tokens in a file', 'file-token-store', 'only the user may read it, whatever was there before'],
]

const PUBLISHED: readonly Row[] = [
  [
    'openapi-generator #12166, #16059, #17855: refresh only after a 401',
    'token-expiry',
    'an expired one is replaced before the call',
  ],
  [
    '#17047: client credentials without scope',
    'token-requests',
    'asks for the scopes of the client, for resource and audience, and authenticates by Basic',
  ],
  [
    '#2603: every operation asks for all scopes',
    'token-requests',
    'without scopes of its own, a client asks for what the operation needs, and reuses a token that holds more',
  ],
  ['#12514: no Bearer prefix', 'token-expiry', 'an expired one is replaced before the call'],
  ['openfga/js-sdk #332: a herd of token requests', 'token-requests', '100 cold calls make one token request'],
  [
    'openclaw #87421: parallel refreshes revoke the family',
    'refresh-tokens',
    'rotation is never raced: each is used once, however many calls wait',
  ],
  [
    'box-typescript-sdk-gen #35: races between processes',
    'refresh-tokens',
    'a refresh token that another process used first: its successor is taken from the store',
  ],
  [
    'MCP typescript-sdk #2255: step-up refreshes first',
    'step-up',
    'on insufficient_scope the callback decides; the new token has the union, and no refresh comes first',
  ],
  [
    'MCP typescript-sdk #1582: endless step-up',
    'step-up',
    'at most once per call: a server that goes on asking for more ends in an error',
  ],
  ['stripe/link-cli #294: a replay sends a POST twice', 'calls', 'an idempotent call is repeated, another is not'],
  ['openapi-typescript #1879, orval #1260: unions become never', '../types', 'a union of schemas is a union of types'],
  ['nullable and optional confused', '../types', 'optional and nullable are two things'],
  [
    'dates typed but not parsed',
    '../dates',
    'are Dates in what arrives: in lists, maps and tuples, at any depth; what is no date stays',
  ],
  ['multipart arrays', 'encoding', 'multipart: files, bytes, streams, lists, objects, and the type of a part'],
  ['Kiota #1978: an unknown enum value crashes', 'calls', 'values that the document does not know come through'],
  [
    'openapi-generator #4399: names that move',
    '../../model/names',
    'an unrelated operation renames nothing, wherever it stands',
  ],
]

describe.each([
  ['authentication', AUTHENTICATION],
  ['published failures', PUBLISHED],
] as const)('%s', (_, rows) => {
  test.each(rows)('%s: %s, %s', async (_what, file, name) => {
    const source = await readFile(join(import.meta.dirname, 'runtime', `${file}.test.ts`), 'utf8')
    const titles = [...source.matchAll(/(?:\(|\[)\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")/g)]
    expect(titles.map(([, single, double]) => single ?? double)).toContain(name)
  })
})
