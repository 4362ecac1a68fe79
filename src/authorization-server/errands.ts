import type { KoaContextWithOIDC } from 'oidc-provider'
import type { AuditEntry } from '../store/audit.ts'

/** Who, and from where: for the log. */
export type Errand = Pick<AuditEntry, 'actor' | 'ip'>

/**
 * The portal registers and updates apps as any client does, so that all that could be said of such a request is that it came
 * from this machine. Whose errand it is, is known by the token that was made for it, here, and is good for one request.
 */
export class Errands {
  readonly #byToken = new Map<string, Errand>()

  note(token: string, errand: Errand): void {
    this.#byToken.set(token, errand)
  }

  /** Once. */
  take({ headers: { authorization } }: Pick<KoaContextWithOIDC, 'headers'>): Errand | undefined {
    const token = authorization?.slice('Bearer '.length) ?? ''
    const errand = this.#byToken.get(token)
    this.#byToken.delete(token)
    return errand
  }
}
