import { OPERATOR, type Reader } from '../model/visibility.ts'
import type { Store } from '../store/store.ts'

/** An app that reads: it sees what its owner may see, of its own APIs. */
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
    const { id: app, apis, ownerId } = client
    if (ownerId === undefined) return { ...OPERATOR, app, apis }
    const owner = await people.get(ownerId)
    return owner?.status === 'active' ? { groups: owner.groups, app, apis } : undefined
  }

  return {
    ofApp,

    /** @param authorization the request's header; npm and curl send a read token as `Bearer` */
    async ofReadToken(authorization: string | undefined): Promise<AppReader | undefined> {
      const token = /^bearer +([\w-]+)$/i.exec(authorization ?? '')?.[1]
      const clientId = token === undefined ? undefined : await readTokens.clientOf(token)
      return clientId === undefined ? undefined : ofApp(clientId)
    },
  }
}
