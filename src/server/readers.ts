import { appReader } from '../authorization-server/app-reader.ts'
import type { Reader } from '../model/visibility.ts'
import { bearerToken } from '../sandbox/caller.ts'
import type { Store } from '../store/store.ts'

/** An app that reads: it sees what its owner, or its team, may see, of its own APIs. */
export interface AppReader extends Reader {
  /** The client id. */
  readonly app: string
  readonly apis: readonly string[]
}

export type Readers = ReturnType<typeof readersIn>

/** Who reads where nobody is signed in: by an app's access token, or by its read token. Undefined: anyone. */
export function readersIn({ clients, people, readTokens }: Pick<Store, 'clients' | 'people' | 'readTokens'>) {
  async function ofApp(clientId: string): Promise<AppReader | undefined> {
    const client = await clients.get(clientId)
    if (client === undefined || client.disabled) return undefined
    const reader = await appReader(client, { people })
    return reader === undefined ? undefined : { ...reader, app: client.id, apis: client.apis }
  }

  return {
    ofApp,

    /** @param authorization the request's header; npm and curl send a read token as `Bearer` */
    async ofReadToken(authorization: string | undefined): Promise<AppReader | undefined> {
      const token = bearerToken(authorization)
      const clientId = token === undefined ? undefined : await readTokens.clientOf(token)
      return clientId === undefined ? undefined : ofApp(clientId)
    },
  }
}
