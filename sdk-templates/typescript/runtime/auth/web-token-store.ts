import type { StoredTokens, TokenStore } from './token-store.ts'

/**
 * Tokens in `sessionStorage` or `localStorage`, one refresh at a time in all tabs (Web Locks). Whatever script runs on the
 * page can read them there: take it only where the page's content policy keeps strangers' scripts out.
 */
export class WebTokenStore implements TokenStore {
  readonly #storage: Storage

  constructor(storage: Storage) {
    this.#storage = storage
  }

  async get(key: string): Promise<StoredTokens | undefined> {
    return this.#read(key)
  }

  async set(key: string, tokens: StoredTokens | undefined, expected: number | undefined): Promise<boolean> {
    if (this.#read(key)?.generation !== expected) return false
    if (tokens === undefined) this.#storage.removeItem(name(key))
    else this.#storage.setItem(name(key), JSON.stringify(tokens))
    return true
  }

  async lock<T>(key: string, work: () => Promise<T>): Promise<T> {
    return navigator.locks === undefined ? work() : await navigator.locks.request(name(key), work)
  }

  #read(key: string): StoredTokens | undefined {
    const text = this.#storage.getItem(name(key))
    if (text === null) return undefined
    try {
      return JSON.parse(text) as StoredTokens
    } catch {
      // Somebody else wrote there: whoever needs a token gets a new one.
      return undefined
    }
  }
}

function name(key: string): string {
  return `tokens ${key}`
}
