import { afterEach, beforeEach, expect, test } from 'vitest'
import { AuthenticationError } from '../../../sdk-templates/typescript/runtime/errors.ts'
import { HostileServer } from './hostile-server.ts'
import { Robot, thrown } from './robot.ts'

let server: HostileServer

beforeEach(async () => {
  server = await new HostileServer().start()
})
afterEach(() => server.stop())

test('a function is asked, and told when its token was refused', async () => {
  const supplied = [server.issueAccessToken([]), server.issueAccessToken([])]
  const asked: boolean[] = []
  const client = new Robot({
    baseUrl: server.origin,
    token: ({ refused }) => {
      asked.push(refused)
      return (refused ? supplied[1] : supplied[0]) ?? ''
    },
  })
  await client.call()
  server.revokeAll()
  supplied[1] = server.issueAccessToken([])
  await client.call()
  expect(asked).toEqual([false, false, true])
})

test('a fixed token that is refused', async () => {
  expect(await thrown(new Robot({ baseUrl: server.origin, token: 'nonsense' }).call())).toBeInstanceOf(
    AuthenticationError,
  )
  expect(server.apiRequests).toHaveLength(1)
})
