import type { IncomingMessage, ServerResponse } from 'node:http'

/** The value of a cookie of ours; undefined where it is absent or sent twice (which a browser never does for one path). */
export function readCookie(request: IncomingMessage, name: string): string | undefined {
  const values = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
  return values.length === 1 ? values[0]?.slice(name.length + 1) : undefined
}

/** @param maxAge seconds; 0 removes it */
export function setCookie(
  response: ServerResponse,
  name: string,
  value: string,
  options: { maxAge: number; secure: boolean; path?: string },
): void {
  const { maxAge, secure, path = '/' } = options
  const cookie = `${name}=${value}; Path=${path}; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
  response.appendHeader('Set-Cookie', cookie)
}
