/**
 * The directive that lets this page's form end where the app takes over: browsers apply `form-action` to redirects, too.
 * Undefined where the source isn't a plain one, for what a header carries must not come from a stranger.
 *
 * @param source an origin or a scheme: `https://app.example`, `com.example.app:`
 */
export function formActionDirective(source: string): `form-action ${string}` | undefined {
  const origin = /^https?:\/\/[a-z0-9._-]+(:\d{1,5})?$/i
  const scheme = /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/i
  // A source list has no literals of IPv6.
  if (/^http:\/\/\[::1\](:\d{1,5})?$/.test(source)) return 'form-action http:'
  return origin.test(source) || scheme.test(source) ? `form-action ${source}` : undefined
}
