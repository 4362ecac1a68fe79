import { epoch } from '../store/clock.ts'
import type { ReadToken } from '../store/read-tokens.ts'
import type { Store } from '../store/store.ts'
import { type App, by, type Viewer } from './app.ts'
import { WITH_SECRET } from './form.ts'
import type { Registered } from './registration.ts'

/** One of the secrets that an app has, not the secret itself. */
export interface AppSecret {
  readonly id: string
  /** Seconds since the epoch; none: until it is taken away. */
  readonly expiresAt?: number
}

/** What only the authorization server itself can do. */
export interface CredentialsPort {
  /** For a pipeline, in the place of those that there are. */
  replaceRegistrationToken(clientId: string): Promise<string>
  rotateSecret(clientId: string): Promise<string | undefined>
  secrets(clientId: string): Promise<readonly AppSecret[]>
  addSecret(clientId: string): Promise<string | undefined>
  expireSecret(clientId: string, secretId: string, at: number): Promise<boolean>
}

export interface CredentialsOptions {
  readonly store: Pick<Store, 'audit' | 'readTokens'>
  readonly authorization: CredentialsPort
  /** Undefined: no such app, for this viewer. */
  readonly own: (id: string, viewer: Viewer) => Promise<App | undefined>
  /** Through the management endpoint: what isn't named stays as it was registered. */
  readonly save: (id: string, change: typeof WITH_SECRET, viewer: Viewer) => Promise<Registered>
}

/** Seconds that a read token is good for: a pipeline installs for long, and not for ever. */
const READ_TOKEN = 365 * 86_400

/** By what an app, or who works on it, is recognised: secrets, keys, tokens. What is made is shown once. */
export function credentialsOf({ store: { audit, readTokens }, authorization, own, save }: CredentialsOptions) {
  /** Makes something that is shown once, for an app that the viewer may manage, and writes it down if it was made. */
  async function make(id: string, viewer: Viewer, action: string, making: () => Promise<string | undefined>) {
    if ((await own(id, viewer))?.disabled !== false) return undefined
    const made = await making()
    if (made !== undefined) await audit.append({ ...by(viewer), action: `client.${action}`, target: id })
    return made
  }

  return {
    /** Undefined: no such app, a disabled one, or one without a secret. The old secret stops working at once. */
    rotateSecret: (id: string, viewer: Viewer) =>
      make(id, viewer, 'secret-rotated', () => authorization.rotateSecret(id)),

    /** For an app that signs: a secret in the place of its keys, at once. Undefined: no such app, or it doesn't sign. */
    replaceKeys: (id: string, viewer: Viewer) =>
      make(id, viewer, 'keys-replaced', async () => {
        if ((await own(id, viewer))?.keys === undefined) return undefined
        const saved = await save(id, WITH_SECRET, viewer)
        return saved.ok ? saved.clientSecret : undefined
      }),

    async secrets(id: string, viewer: Viewer): Promise<readonly AppSecret[]> {
      return (await own(id, viewer)) === undefined ? [] : authorization.secrets(id)
    },

    /** A second secret beside the first. Undefined: no such app, none to begin with, or two already. */
    addSecret: (id: string, viewer: Viewer) => make(id, viewer, 'secret-added', () => authorization.addSecret(id)),

    /** @param at seconds since the epoch; past: now. False: no such secret, or the only one. */
    async expireSecret(id: string, secretId: string, at: number, viewer: Viewer): Promise<boolean> {
      if ((await own(id, viewer)) === undefined || !(await authorization.expireSecret(id, secretId, at))) return false
      await audit.append({ ...by(viewer), action: 'client.secret-ended', target: id, detail: { secret: secretId } })
      return true
    },

    /**
     * With which a program manages the app (RFC 7592); those from before stop working. Undefined: no such app, or a disabled
     * one. It can't be had again.
     */
    newRegistrationToken: (id: string, viewer: Viewer) =>
      make(id, viewer, 'registration-token-made', () => authorization.replaceRegistrationToken(id)),

    /** In force, newest first. */
    async readTokens(id: string, viewer: Viewer): Promise<readonly ReadToken[]> {
      return (await own(id, viewer)) === undefined ? [] : readTokens.list(id)
    },

    /** For downloading the SDKs of the app's APIs. Undefined: no such app, or a disabled one. It can't be had again. */
    mintReadToken: (id: string, viewer: Viewer) =>
      make(id, viewer, 'read-token-made', () => readTokens.mint(id, epoch() + READ_TOKEN)),

    async revokeReadToken(id: string, token: string, viewer: Viewer): Promise<boolean> {
      if ((await own(id, viewer)) === undefined) return false
      await readTokens.revoke(id, token)
      await audit.append({ ...by(viewer), action: 'client.read-token-revoked', target: id })
      return true
    },
  }
}
