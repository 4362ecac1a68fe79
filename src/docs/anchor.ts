/** The id of a field, parameter or scope on its page, and the fragment of a link to it: `query.limit`, `body.address.city`. */
export function fieldAnchor(parent: string, name: string): string {
  // A fragment is percent-decoded before it is compared with an id, and an id holds no space.
  return `${parent}.${name.replace(/[^\p{L}\p{N}_.:-]+/gu, '-')}`
}

/** Likewise, of a group of operations. */
export function tagAnchor(tag: string): string {
  const words = tag
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
  return `tag-${words || 'untitled'}`
}
