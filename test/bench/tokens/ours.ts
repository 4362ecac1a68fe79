import { signInAndGetTokens } from '../../authorization-server/code-flow.ts'
import { Running } from '../../authorization-server/running.ts'
import { benchDoors } from './serve.ts'

/** The authorization server on SQLite, with policies and its log. */
const [port = '', dataDir = ''] = process.argv.slice(2)
const running = new Running({ dataDir, keepAlive: true })
running.url = `http://127.0.0.1:${port}`
const doors = benchDoors(async (many) => {
  const kim = await running.person('Kim', 'staff', 'editors')
  const service = await running.register({
    client_name: 'Service',
    sallyport_kind: 'service',
    sallyport_apis: ['people'],
  })
  const redirectUri = 'https://app.example/callback'
  const client = await running.register({
    client_name: 'App',
    sallyport_kind: 'single-page',
    sallyport_apis: ['publishing'],
    redirect_uris: [redirectUri],
  })
  const flow = { client, redirectUri, personId: kim.id, parameters: { scope: 'api:read api:write' } }
  const refreshTokens: string[] = []
  for (let i = 0; i < many; i++)
    refreshTokens.push(String((await signInAndGetTokens(running, flow)).tokens.refresh_token))
  return {
    clientId: service.client_id,
    clientSecret: String(service.client_secret),
    resource: running.resource('people'),
    scope: 'employees:read',
    publicClientId: client.client_id,
    refreshResource: running.resource('publishing'),
    refreshTokens,
  }
})
await running.start()
for (const [path, door] of doors) running.handlers.set(path, door)
