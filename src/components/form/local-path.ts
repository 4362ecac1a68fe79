/** A path of this site to go to, after signing in or the like; `/` for whatever might lead elsewhere. */
export function localPath(path: string | null | undefined): string {
  if (path === null || path === undefined || !/^\/(?![/\\])[\x21-\x7E]*$/.test(path)) return '/'
  const { pathname, search, hash } = new URL(path, 'http://localhost')
  // `/a/..//b` is resolved to `//b`, which a browser takes for another host.
  return pathname.startsWith('//') ? '/' : pathname + search + hash
}
