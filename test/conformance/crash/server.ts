/**
 * An authorization server that is to be killed: `node server.ts <port> <dataDir> [<databaseUrl>]`. It opens its database when it
 * is told to.
 */
import { Running } from '../../authorization-server/running.ts'

const [port = '', dataDir = '', databaseUrl = ''] = process.argv.slice(2)
const running = new Running({ dataDir, ...(databaseUrl !== '' && { databaseUrl }) })
running.url = `http://127.0.0.1:${port}`

/** What people do in the portal. */
const doors: Readonly<Record<string, (query: URLSearchParams) => Promise<unknown>>> = {
  async withdraw(query) {
    await running.server.withdrawConsent(query.get('person') ?? '', query.get('client') ?? '')
  },
  async policies(query) {
    const revision = Number(query.get('revision'))
    await running.store.policies.apply([{ api: 'crash', revision, policies: [], message: `number ${revision}` }])
  },
  async rename(query) {
    return { token: await running.server.mintRegistrationToken(query.get('client') ?? '') }
  },
}
for (const [name, door] of Object.entries(doors))
  running.handlers.set(`/door/${name}`, async (request, response) => {
    const result = await door(new URL(request.url ?? '/', running.url).searchParams)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(result ?? {}))
  })

process.once('message', async () => {
  await running.start()
  process.send?.('started')
})
process.once('disconnect', () => process.exit())
process.send?.('prepared')
