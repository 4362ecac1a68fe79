import { epoch } from '../store/clock.ts'
import type { Store } from '../store/store.ts'
import {
  type ClientSecret,
  clientSecretsIn,
  digestClientSecret,
  MOST_SECRETS,
  mintClientSecret,
  storedClientSecrets,
} from './client-secret.ts'

export type ClientSecrets = ReturnType<typeof clientSecretsOf>

/**
 * What RFC 7592 has no words for: two secrets of one app side by side, so that a change of secrets needs no pause. Whoever
 * calls knows in whose name, and writes it down.
 */
export function clientSecretsOf({ clients }: Pick<Store, 'clients'>) {
  async function load(clientId: string) {
    const client = await clients.get(clientId)
    const stored = client?.payload.client_secret
    return client === undefined || stored === undefined
      ? undefined
      : { client, secrets: clientSecretsIn(stored, epoch()) }
  }

  async function save(clientId: string, secrets: Parameters<typeof storedClientSecrets>[0]) {
    const client = await clients.get(clientId)
    if (client === undefined) return
    await clients.update(clientId, {
      ...client,
      payload: { ...client.payload, client_secret: storedClientSecrets(secrets) },
    })
  }

  return {
    /** Those in force, the oldest first; never the secrets themselves. */
    async secrets(clientId: string): Promise<readonly ClientSecret[]> {
      const { secrets = [] } = (await load(clientId)) ?? {}
      return secrets.map(({ id, expiresAt }) => ({ id, ...(expiresAt === undefined ? {} : { expiresAt }) }))
    },

    /** Replaces all of an app's secrets at once. Undefined: it has none, or there is no such app. */
    async rotateSecret(clientId: string): Promise<string | undefined> {
      if ((await load(clientId)) === undefined) return undefined
      const secret = mintClientSecret()
      await save(clientId, [{ digest: digestClientSecret(secret) }])
      return secret
    },

    /** Undefined: it has two already, or none, or there is no such app. */
    async addSecret(clientId: string): Promise<string | undefined> {
      const loaded = await load(clientId)
      if (loaded === undefined || loaded.secrets.length >= MOST_SECRETS) return undefined
      const secret = mintClientSecret()
      await save(clientId, [...loaded.secrets, { digest: digestClientSecret(secret) }])
      return secret
    },

    /** False: the app has no such secret, or no other: an app that is to have none is disabled or deleted. */
    async expireSecret(clientId: string, id: string, at: number): Promise<boolean> {
      const loaded = await load(clientId)
      if (loaded === undefined || loaded.secrets.length < 2) return false
      if (!loaded.secrets.some((secret) => secret.id === id)) return false
      const secrets = loaded.secrets.flatMap((secret) =>
        secret.id !== id ? [secret] : at <= epoch() ? [] : [{ ...secret, expiresAt: at }],
      )
      await save(clientId, secrets)
      return true
    },
  }
}
