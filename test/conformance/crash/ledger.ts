/** A refresh token and those before it, the newest last. */
export interface Chain {
  readonly personId: string
  readonly clientId: string
  readonly tokens: string[]
  /** Someone is using it right now, or was when the server died. */
  busy: boolean
}

export interface App {
  readonly clientId: string
  readonly registration: Readonly<Record<string, unknown>>
  /** What it may be called: two names, if the answer to an edit never came. */
  names: string[]
  /** Someone is editing it right now. */
  busy: boolean
}

/** Everything that the server has acknowledged, and so must still know however it ends. */
export class Ledger {
  readonly apps: App[] = []
  readonly chains: Chain[] = []
  /** Ended by revocation or withdrawal. */
  readonly ended: Chain[] = []
  /** `person client`: whether there is consent; absent: it isn't known. */
  readonly consents = new Map<string, boolean>()
  readonly policyRevisions: number[] = []
  readonly counts = {
    registrations: 0,
    edits: 0,
    consents: 0,
    refreshes: 0,
    revocations: 0,
    withdrawals: 0,
    policies: 0,
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0)
  }

  /** Whether there are chains to spare, so that ending one leaves enough to refresh. */
  get isAmple(): boolean {
    return this.chains.length > 10
  }

  end(chain: Chain): void {
    const place = this.chains.indexOf(chain)
    if (place >= 0) this.chains.splice(place, 1)
    this.ended.push(chain)
  }

  forget(chain: Chain): void {
    const place = this.chains.indexOf(chain)
    if (place >= 0) this.chains.splice(place, 1)
  }
}
