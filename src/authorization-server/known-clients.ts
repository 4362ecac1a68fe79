import type { Client, Provider } from 'oidc-provider'
import type { ClientRecord } from '../store/clients.ts'
import type { Store } from '../store/store.ts'

/**
 * Has the library keep what it made of a client's metadata for as long as the store has the same record of it. By itself it
 * keeps a hundred clients, and at each request writes out and digests all metadata to tell whether it has changed.
 */
export function keepClients({ Client }: Provider, { clients }: Pick<Store, 'clients'>): void {
  const known = new WeakMap<ClientRecord, Client>()
  const { find } = Client
  Client.find = async (id) => {
    const record = await clients.get(id)
    const before = record && known.get(record)
    if (before !== undefined) return before
    const client = await find.call(Client, id)
    if (record !== undefined && client !== undefined) known.set(record, client)
    return client
  }
}
