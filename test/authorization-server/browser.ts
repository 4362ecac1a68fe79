import type { PendingInteraction } from '../../src/authorization-server/interaction.ts'

interface Cookie {
  readonly name: string
  readonly value: string
  readonly path: string
}

/** What of a browser the flow needs: cookies by path, and one redirect at a time. */
export class Browser {
  #cookies: Cookie[] = []
  readonly #origin: string
  readonly #others: readonly string[]

  /** @param others origins that are followed through, on the way back */
  constructor(origin: string, ...others: string[]) {
    this.#origin = origin
    this.#others = others
  }

  /** @param form posted, if given */
  async fetch(location: string, form?: Readonly<Record<string, string>>): Promise<Response> {
    const url = new URL(location, this.#origin)
    const cookies = this.#cookies.filter(
      ({ path }) => url.pathname === path || url.pathname.startsWith(path.replace(/\/?$/, '/')),
    )
    const response = await fetch(url, {
      redirect: 'manual',
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
      headers: { accept: 'text/html', cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') },
    })
    for (const line of response.headers.getSetCookie()) this.#keep(line)
    return response
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/'
    this.#cookies = this.#cookies.filter((cookie) => cookie.name !== name || cookie.path !== path)
    if (value !== '') this.#cookies.push({ name, value, path })
  }

  get cookies(): readonly Cookie[] {
    return this.#cookies
  }

  /**
   * Follows redirects until they leave the portal, or a page answers. At a page of the portal, `answer` says with which query
   * to go on: `person=…`, `allow=…`, `deny`.
   */
  async follow(location: string, answer: (pending: PendingInteraction) => string | undefined) {
    const seen: PendingInteraction[] = []
    let next = location
    for (let hop = 0; hop < 20; hop++) {
      const url = new URL(next, this.#origin)
      const stays = url.origin === this.#origin || this.#others.includes(url.origin)
      if (!stays || url.pathname === '/auth/callback') return { url, seen, response: undefined }
      const response = await this.fetch(url.href)
      const to = response.headers.get('location')
      if (to !== null) {
        next = new URL(to, url).href
        continue
      }
      if (!/^\/(sign-in|consent)\//.test(url.pathname)) return { url, seen, response }
      const pending = (await response.json()) as PendingInteraction
      seen.push(pending)
      const query = answer(pending)
      if (query === undefined) return { url, seen, response: undefined }
      next = `${url.pathname}?${query}`
    }
    throw new Error('Too many redirects.')
  }
}
