import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ScopesNeeded } from '../../../sdk-templates/typescript/runtime/tokens.ts'
import { HostileServer, json, oauthError } from './hostile-server.ts'
import { robot, thrown } from './robot.ts'

let server: HostileServer

beforeEach(async () => {
  server = await new HostileServer().start()
  server.api = (request, response) => {
    if (request.scopes?.includes('things:admin')) return json(response, 200, { ok: true })
    response.setHeader('www-authenticate', 'Bearer error="insufficient_scope", scope="things:admin"')
    json(response, 403, { title: 'Forbidden' })
  }
})
afterEach(() => server.stop())

const asked = (): (string | null)[] => server.tokenRequests.map(({ parameters }) => parameters.get('scope'))

test('on insufficient_scope the callback decides; the new token has the union, and no refresh comes first', async () => {
  const decide = vi.fn((_: ScopesNeeded) => true)
  const client = robot(server, { onInsufficientScope: decide }, ['things:read'])
  expect(await client.call()).toEqual({ ok: true })
  expect(asked()).toEqual(['things:read', 'things:admin things:read'])
  expect(server.tokenRequests.every(({ parameters }) => parameters.get('grant_type') === 'client_credentials')).toBe(
    true,
  )
  expect(decide.mock.calls).toEqual([
    [{ required: ['things:admin'], granted: ['things:read'], missing: ['things:admin'] }],
  ])
  await client.call()
  expect(server.tokenRequests).toHaveLength(2)
})

test('100 calls that step up ask once', async () => {
  const client = robot(server, { onInsufficientScope: () => true }, ['things:read'])
  await Promise.all(Array.from({ length: 100 }, () => client.call()))
  expect(server.tokenRequests).toHaveLength(2)
})

test('a POST is sent again, as it was not processed', async () => {
  const client = robot(server, { onInsufficientScope: () => true }, ['things:read'])
  await client.call({ method: 'POST' })
  expect(server.apiRequests.map(({ method }) => method)).toEqual(['POST', 'POST'])
})

test('where the callback says no, and where there is none, the call fails with what is missing', async () => {
  for (const onInsufficientScope of [() => false, undefined]) {
    const error = await thrown(robot(server, { onInsufficientScope }, ['things:read']).call())
    expect(error).toMatchObject({ name: 'InsufficientScopeError', missing: ['things:admin'], granted: ['things:read'] })
  }
  expect(asked()).toEqual(['things:read', 'things:read'])
})

test('at most once per call: a server that goes on asking for more ends in an error', async () => {
  let round = 0
  server.api = (_, response) => {
    response.setHeader('www-authenticate', `Bearer error="insufficient_scope", scope="more:${++round}"`)
    json(response, 403, {})
  }
  const decide = vi.fn(() => true)
  expect(await thrown(robot(server, { onInsufficientScope: decide }, ['things:read']).call())).toMatchObject({
    name: 'InsufficientScopeError',
    missing: ['more:2'],
  })
  expect(decide).toHaveBeenCalledTimes(1)
  expect(server.apiRequests).toHaveLength(2)
})

test('what was granted counts, not what was asked: a token without the scope is not sent', async () => {
  server.grantedScopes = ['things:read']
  const client = robot(server, { onInsufficientScope: () => true }, ['things:read'])
  expect(await thrown(client.call())).toMatchObject({ name: 'InsufficientScopeError', granted: ['things:read'] })
  expect(server.apiRequests).toHaveLength(1)
})

test('an authorization server that refuses the union', async () => {
  const client = robot(server, {
    onInsufficientScope: () => {
      server.tokenAnswers = [(response) => oauthError(response, 400, { error: 'invalid_scope' })]
      return true
    },
  })
  expect(await thrown(client.call())).toMatchObject({
    name: 'InsufficientScopeError',
    status: 400,
    missing: ['things:admin'],
    granted: ['things:read'],
  })
})
