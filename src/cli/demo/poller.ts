import * as oauth from 'oauth4webapi'
import { message, print } from '../print.ts'
import { refresh, type Tokens } from './sign-in.ts'

/** Milliseconds between two rounds. */
const PAUSE = 3_000

interface Target {
  readonly server: oauth.AuthorizationServer
  readonly clientId: string
  /** The sandbox of the publishing API. */
  readonly resource: string
}

/**
 * Refreshes, reads and writes, round after round, and prints what came of each: what an administrator changes in the
 * portal shows here at the next round. Ends when the access is gone for good, or by Ctrl-C.
 */
export async function poll({ server, clientId, resource }: Target, first: Tokens): Promise<void> {
  let tokens = first
  let scope = tokens.scope
  for (;;) {
    const list = await fetch(`${resource}/articles?perPage=1`, {
      headers: { authorization: `Bearer ${tokens.accessToken}` },
    })
    if (list.status === 401) return explain(list)
    const write = await change(resource, tokens.accessToken, await firstId(list))
    const changed = tokens.scope === scope ? '' : `   was: ${scope}`
    print(`${time()}  scope: ${tokens.scope.padEnd(20)}  read ${list.status}  write ${write}${changed}`)
    scope = tokens.scope
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
    try {
      tokens = await refresh(server, clientId, tokens.refreshToken)
    } catch (error) {
      if (!(error instanceof oauth.ResponseBodyError)) throw error
      print(
        `${time()}  refresh refused: ${error.error}${error.error_description === undefined ? '' : `, ${error.error_description}`}`,
      )
      const last = await fetch(`${resource}/articles?perPage=1`, {
        headers: { authorization: `Bearer ${tokens.accessToken}` },
      })
      return explain(last)
    }
  }
}

async function firstId(response: Response): Promise<string> {
  const { items } = (await response.json()) as { items?: { id: string }[] }
  return items?.[0]?.id ?? 'none'
}

async function change(resource: string, token: string, id: string): Promise<string> {
  const article = await fetch(`${resource}/articles/${id}`, { headers: { authorization: `Bearer ${token}` } })
  const response = await fetch(`${resource}/articles/${id}`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/merge-patch+json',
      'if-match': article.headers.get('etag') ?? '"1"',
    },
    body: JSON.stringify({ standfirst: `Polled at ${time()}` }),
  })
  if (response.status !== 403) return String(response.status)
  const { missing } = (await response.json()) as { missing?: string[][] }
  return `403 (needs ${missing?.map((scopes) => scopes.join(' ')).join(' or ') ?? 'more'})`
}

interface TraceRow {
  readonly check: string
  readonly evidence: string
  readonly decides: boolean
  readonly evaluated: boolean
}

/** A 401 says why, step by step: the same trace that the portal's pages show. */
async function explain(response: Response): Promise<void> {
  const problem = (await response.json()) as { detail?: string; trace?: TraceRow[] }
  print(`${time()}  read ${response.status}: ${problem.detail ?? ''}`)
  for (const row of problem.trace ?? [])
    print(
      `          ${row.decides ? '→' : '│'} ${row.check.padEnd(16)} ${row.evaluated ? row.evidence : 'not evaluated'}`,
    )
  message('The access is gone. Run the demo again to sign in anew.')
}

function time(): string {
  return new Date().toTimeString().slice(0, 8)
}
