import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureBuilt } from '../../../src/server/build.ts'
import type { Measurement, Place } from '../bench.ts'
import { load } from '../call.ts'
import { type Command, freePort, run, startServer } from '../process.ts'

const CLI = 'src/cli/bin.mjs'
const SCOPE = 'employees:read'
const EMPLOYEE = '/employees/emp_4k2m81xq0p7d'
const AUDIENCE = 'https://api.northwind.example'

interface Client {
  readonly client_id: string
  readonly client_secret: string
}

/** Starts the portal once, so that `DATA_DIR` is warm, and registers the app that will call. */
export async function prepareOurs({ root, scratch }: Place): Promise<() => Promise<Measurement>> {
  const specs = join(scratch, 'specs')
  await cp(join(root, 'specs'), specs, { recursive: true })
  const access = join(specs, 'people/access.yaml')
  const environment = `\nenvironments:\n  production: { server: '${AUDIENCE}', audience: '${AUDIENCE}' }\n`
  await writeFile(access, (await readFile(access, 'utf8')) + environment)
  // The issuer's address is part of tokens and of registered apps: one port for all rounds.
  const port = await freePort()
  const url = `http://localhost:${port}`
  const env = {
    PORT: String(port),
    DATA_DIR: join(scratch, 'data'),
    SPECS_DIR: specs,
    ENFORCE_PROXIES: '127.0.0.1,::1',
    LOG_LEVEL: 'warn',
  }
  const command: Command = { args: [CLI, 'start'], cwd: root, env, ready: `${url}/health` }
  const server = await startServer(command)
  try {
    const client = await register(url, await initialAccessToken(command))
    return async () => {
      // A source that changed since the last round would be built while the clock runs.
      await ensureBuilt(console.error)
      const server = await startServer(command)
      try {
        const sandbox = `${url}/sandbox/people`
        const bearer = async (resource: string): Promise<{ Authorization: string }> => ({
          Authorization: `Bearer ${await accessToken(url, client, resource)}`,
        })
        const call = await load({ url: sandbox + EMPLOYEE, headers: await bearer(sandbox) })
        const original = { 'X-Original-Method': 'GET', 'X-Original-URI': EMPLOYEE }
        const headers = { ...(await bearer(AUDIENCE)), ...original }
        const enforce = await load({ url: `${url}/enforce/people`, headers })
        return {
          start: server.startMs,
          call: call.throughput,
          'call-p99': call.p99,
          enforce: enforce.throughput,
          'enforce-p99': enforce.p99,
        }
      } finally {
        await server.stop()
      }
    }
  } finally {
    await server.stop()
  }
}

async function initialAccessToken({ cwd, env }: Command): Promise<string> {
  const args = [CLI, 'apps', 'token', '--api', 'people']
  return (await run(args, { cwd, env: { ...process.env, ...env } })).trim()
}

/** RFC 7591. */
async function register(url: string, token: string): Promise<Client> {
  const response = await fetch(`${url}/oauth/reg`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ client_name: 'Bench', grant_types: ['client_credentials'], scope: SCOPE }),
  })
  return answer(response)
}

/** RFC 6749, section 4.4. */
async function accessToken(url: string, { client_id, client_secret }: Client, resource: string): Promise<string> {
  const response = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      resource,
      scope: SCOPE,
    }),
  })
  return (await answer<{ access_token: string }>(response)).access_token
}

async function answer<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${await response.text()}`)
  return response.json() as Promise<T>
}
