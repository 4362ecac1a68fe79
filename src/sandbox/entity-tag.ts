import type { Item } from './world.ts'

/** By its revision where it has one, else by what the caller sees of it: a tag of hidden members would tell them apart. */
export function entityTag(item: Item): string {
  const revision = item.revision ?? item.version
  if (typeof revision === 'number') return `"${revision}"`
  let hash = 0x811c9dc5
  for (const character of JSON.stringify(item))
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return `"${hash}"`
}
