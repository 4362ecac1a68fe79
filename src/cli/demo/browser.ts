/** As much of a browser as signing in takes: cookies, redirects and a form. Stays on one origin. */
export class HeadlessBrowser {
  readonly #origin: string
  readonly #cookies = new Map<string, string>()

  constructor(origin: string) {
    this.#origin = origin
  }

  /** Follows redirects until a page comes, or until one leads elsewhere (which is not followed). */
  async visit(
    url: string,
    form?: URLSearchParams,
  ): Promise<{ readonly url: URL; readonly response: Response | undefined }> {
    let target = new URL(url, this.#origin)
    let body = form
    for (let hops = 0; hops < 20; hops++) {
      if (target.origin !== this.#origin) return { url: target, response: undefined }
      const response = await fetch(target, {
        method: body === undefined ? 'GET' : 'POST',
        redirect: 'manual',
        headers: {
          cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          origin: this.#origin,
        },
        ...(body !== undefined && { body }),
      })
      for (const cookie of response.headers.getSetCookie()) this.#keep(cookie)
      const location = response.headers.get('location')
      if (location === null) return { url: target, response }
      target = new URL(location, target)
      body = undefined
    }
    throw new Error('The sign-in went round in circles.')
  }

  #keep(cookie: string): void {
    const [pair = ''] = cookie.split(';', 1)
    const at = pair.indexOf('=')
    const gone = /;\s*(max-age=0|expires=thu, 01 jan 1970)/i.test(cookie)
    if (gone) this.#cookies.delete(pair.slice(0, at))
    else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1))
  }
}
