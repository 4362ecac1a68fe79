/** JSON Pointer, RFC 6901. `''` is the whole document. */
export function joinPointer(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

export function toPointer(keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((pointer, key) => joinPointer(pointer, String(key)), '')
}

export function pointerTokens(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The fragment of a URI reference as a pointer: `#/a%20b` is `/a b`. */
export function fragmentPointer(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    // A stray percent sign: meant as it stands.
    return fragment
  }
}

/** As it is written behind the `#` of a reference. */
export function pointerFragment(pointer: string): string {
  return pointer.replace(/[^\w!$&'()*+,;=:@/?.~-]/g, encodeURIComponent)
}
