import { afterEach, beforeEach, expect, test } from 'vitest'
import { HostileServer, oauthError } from './hostile-server.ts'
import { robot } from './robot.ts'

let server: HostileServer

beforeEach(async () => {
  server = await new HostileServer().start()
})
afterEach(() => server.stop())

const asked = (): (string | null)[] => server.tokenRequests.map(({ parameters }) => parameters.get('scope'))

test('calls that begin together ask once, for the union of their scopes', async () => {
  const client = robot(server)
  await Promise.all(['a', 'b', 'c', 'a'].map((scope) => client.call({ scopes: [[scope]] })))
  expect(asked()).toEqual(['a b c'])
})

test('a union that the server refuses is asked for piece by piece', async () => {
  server.tokenAnswers = [(response) => oauthError(response, 400, { error: 'invalid_scope' })]
  const client = robot(server)
  await Promise.all(['a', 'b'].map((scope) => client.call({ scopes: [[scope]] })))
  expect(asked()).toEqual(['a b', 'a', 'b'])
})

test('a call waits for a token that is on its way and holds what it needs', async () => {
  server.tokenDelay = 50
  const client = robot(server)
  const first = client.call({ scopes: [['a', 'b']] })
  await new Promise((resolve) => setTimeout(resolve, 20))
  await Promise.all([first, client.call({ scopes: [['b']] })])
  expect(asked()).toEqual(['a b'])
})

test('of alternatives, one that the token at hand satisfies is as good as the first', async () => {
  const client = robot(server)
  await client.call({ scopes: [['admin']] })
  await client.call({ scopes: [['read'], ['admin']] })
  expect(asked()).toEqual(['admin'])
})

test('a token for more than is needed is reused; one for less is not', async () => {
  const client = robot(server)
  await client.call({ scopes: [['a', 'b']] })
  await client.call({ scopes: [['a']] })
  await client.call({ scopes: [['a', 'c']] })
  expect(asked()).toEqual(['a b', 'a c'])
})

test('what was granted decides about reuse, not what was asked', async () => {
  server.grantedScopes = ['a']
  const client = robot(server)
  await client.call({ scopes: [['a', 'b']] })
  await client.call({ scopes: [['b']] })
  await client.call({ scopes: [['a']] })
  expect(asked()).toEqual(['a b', 'b'])
})
