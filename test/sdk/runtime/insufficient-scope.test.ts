import { afterEach, beforeEach, expect, test } from 'vitest'
import { deviceCode } from '../../../sdk-templates/typescript/runtime/auth/device-code.ts'
import { InsufficientScopeError } from '../../../sdk-templates/typescript/runtime/errors.ts'
import { HostileServer, json, oauthError } from './hostile-server.ts'
import { Robot, robot, thrown } from './robot.ts'

let server: HostileServer

beforeEach(async () => {
  server = await new HostileServer().start()
})
afterEach(() => server.stop())

test('403 insufficient_scope says what is required, granted and missing', async () => {
  server.grantedScopes = ['things:read']
  server.api = (_, response) => {
    response.setHeader('www-authenticate', 'Bearer error="insufficient_scope", scope="things:read things:admin"')
    json(response, 403, { title: 'Forbidden' })
  }
  const error = await thrown(robot(server).call())
  expect(error).toBeInstanceOf(InsufficientScopeError)
  expect(error).toMatchObject({
    status: 403,
    required: ['things:read', 'things:admin'],
    granted: ['things:read'],
    missing: ['things:admin'],
    requestId: 'req-1',
  })
  expect(server.tokenRequests).toHaveLength(1)
})

test('the same where the challenge can not be read', async () => {
  server.grantedScopes = ['other']
  server.api = (_, response) => json(response, 403, { title: 'Forbidden' })
  expect(await thrown(robot(server).call())).toMatchObject({
    name: 'InsufficientScopeError',
    missing: ['things:read'],
  })
})

test('403 for another reason is no matter of scopes', async () => {
  server.api = (_, response) => json(response, 403, { title: 'Forbidden' })
  expect(await thrown(robot(server).call())).toMatchObject({ name: 'ForbiddenError' })
})

test('403 insufficient_scope with a link to where scopes are had', async () => {
  server.api = (_, response) => {
    response.setHeader('www-authenticate', 'Bearer error="insufficient_scope", scope="things:admin"')
    json(response, 403, { title: 'Forbidden', link: 'https://portal.example/apps/robot/request' })
  }
  const error = await thrown(robot(server).call())
  expect(error).toMatchObject({ link: 'https://portal.example/apps/robot/request' })
  expect(String(error)).toMatch(/ask at https:\/\/portal\.example\/apps\/robot\/request$/)
})

test('scopes that the authorization server refuses: what they are, and where to ask for them', async () => {
  const refusal = {
    error: 'invalid_scope',
    error_description: 'this app is not registered for the scope',
    scope: 'things:admin',
    error_uri: 'https://portal.example/apps/robot/request?scopes=things%3Aadmin',
  }
  server.tokenAnswers = [(response) => oauthError(response, 400, refusal)]
  const error = await thrown(robot(server, {}, ['things:admin', 'things:read']).call())
  expect(error).toBeInstanceOf(InsufficientScopeError)
  expect(error).toMatchObject({
    operation: 'listThings',
    status: 400,
    missing: ['things:admin'],
    link: refusal.error_uri,
    message:
      "listThings can't have things:admin: The authorization server refused (invalid_scope): this app is not registered for the scope; " +
      `ask at ${refusal.error_uri}`,
  })
  expect(server.apiRequests).toHaveLength(0)
})

test('where the server names none of them, all that were asked for', async () => {
  server.tokenAnswers = [(response) => oauthError(response, 400, { error: 'invalid_scope' })]
  expect(await thrown(robot(server, {}, ['a', 'b']).call())).toMatchObject({
    name: 'InsufficientScopeError',
    missing: ['a', 'b'],
    link: undefined,
  })
})

test('scopes that are refused on refresh are the same error, and the refresh is not tried again', async () => {
  const tokens = {
    accessToken: 'spent',
    refreshToken: server.issueRefreshToken(),
    expiresAt: 1,
    scopes: ['things:read'],
  }
  server.tokenAnswers = [(response) => oauthError(response, 400, { error: 'invalid_scope' })]
  const error = await thrown(robot(server, { token: tokens }).call())
  expect(error).toMatchObject({ name: 'InsufficientScopeError', missing: ['things:read'] })
  expect(server.tokenRequests.map(({ parameters }) => parameters.get('grant_type'))).toEqual(['refresh_token'])
})

test('a refresh that gives less: the error says what is granted now', async () => {
  const tokens = { accessToken: 'spent', refreshToken: server.issueRefreshToken(), expiresAt: 1, scopes: ['a', 'b'] }
  server.grantedScopes = ['a']
  server.api = (_, response) => json(response, 403, { title: 'Forbidden' })
  expect(await thrown(robot(server, { token: tokens }).call({ scopes: [['b']] }))).toMatchObject({
    name: 'InsufficientScopeError',
    granted: ['a'],
    missing: ['b'],
  })
})

test('of alternatives, the next is asked for where the cheapest is refused', async () => {
  server.tokenAnswers = [(response) => oauthError(response, 400, { error: 'invalid_scope' })]
  expect(await robot(server).call({ scopes: [['api:write'], ['articles:review']] })).toEqual({ ok: true })
  expect(server.tokenRequests.map(({ parameters }) => parameters.get('scope'))).toEqual([
    'api:write',
    'articles:review',
  ])
})

test('on a device, too', async () => {
  server.deviceAnswers = [(response) => oauthError(response, 400, { error: 'invalid_scope', scope: 'a' })]
  const { id } = server.client
  const auth = deviceCode({ clientId: id, issuer: server.origin, prompt: () => expect.unreachable() })
  expect(await thrown(new Robot({ auth, baseUrl: server.origin }, ['a']).call())).toMatchObject({
    name: 'InsufficientScopeError',
    missing: ['a'],
  })
})
