import type { Operation } from '../model/api.ts'
import { wordsOf } from './words.ts'

/** Segments that say how an API is reached, not what it is about: `/api/v2/orders`. */
const MOUNT = /^(apis?|rest|\d+(\.\d+)*|latest)$/i
const VERSION = /^v\d+([._]\d+|(alpha|beta|rc)\d*)*$/i
const ADMIN = /^(admins?|administration|administrators?|superusers?|sudo)$/i

/** What a path is made of. */
export interface Place {
  /** Static names, `employees`, `notes`; of a name below another one, whether a parameter stands between. */
  readonly names: readonly { readonly name: string; readonly ofOne: boolean }[]
  /** A verb in the path's end, as in `chat.postMessage` or `messages:batchGet`. */
  readonly verb?: string
  /** The segment that says that it is for administrators. */
  readonly admin?: string
}

export function placeOf({ path }: Pick<Operation, 'path'>): Place {
  const segments = (path.split(/[?#]/, 1)[0] ?? '').split('/').filter((segment) => segment !== '')
  const names: { name: string; ofOne: boolean }[] = []
  let verb: string | undefined
  let admin: string | undefined
  let ofOne = false
  for (const [index, segment] of segments.entries()) {
    const [bare = '', custom = ''] = segment.replace(/\.(json|xml)$|\(.*\)$/gi, '').split(':')
    if (/^\w+$/.test(custom)) verb = custom
    const parameter = bare === '' || bare.includes('{')
    const { parts, called = verb } = index === segments.length - 1 ? methodCall(bare) : { parts: [bare] }
    verb = called
    for (const name of parameter ? [] : parts) {
      if (ADMIN.test(name)) admin = name
      else if (!VERSION.test(name) && (names.length > 0 || !MOUNT.test(name))) names.push({ name, ofOne })
    }
    ofOne = parameter
  }
  return { names, ...(verb !== undefined && { verb }), ...(admin !== undefined && { admin }) }
}

/** A method call in a path, as Slack has them: `chat.postMessage`. */
function methodCall(segment: string): { readonly parts: readonly string[]; readonly called?: string } {
  const parts = segment.split('.')
  const called = parts.at(-1)
  return called !== undefined && parts.length > 1 && parts.every((part) => /^[a-z][A-Za-z]*$/.test(part))
    ? { parts: parts.slice(0, -1), called }
    : { parts: [segment] }
}

/** A first name that holds more than this share of all operations says too little, where what is below it says more. */
const CROWDED = 0.4
const MOST_IN_ONE = 12
const FEWEST_BELOW = 3

/**
 * The resource that each operation is about, as the first half of a scope: the first name of its path that tells operations
 * apart. A name that all share (`/customer/disputes`) is passed over, and so is one that most share
 * (`/repos/{repo}/issues`). Where a name has one operation only, its tag may say what it belongs to.
 *
 * @param fallback for a path without any name
 */
export function resourcesOf(operations: readonly Operation[], fallback: string): ReadonlyMap<Operation, string> {
  const places = operations.map((operation) => placeOf(operation).names)
  const [first = []] = places
  let shared = 0
  while (
    places.length > 1 &&
    places.every((names) => names.length > shared + 1 && names[shared]?.name === first[shared]?.name)
  )
    shared++
  const rest = places.map((names) => names.slice(shared))
  const crowded = crowdedNames(rest)
  const byPath = rest.map(([name, below]) => {
    const deeper = name !== undefined && below?.ofOne === true && crowded.has(name.name)
    return wordsOf((deeper ? below : name)?.name ?? fallback).join('-') || 'api'
  })
  const sizes = countBy(byPath)
  const tags = countBy(operations.flatMap(({ tags }) => tags.slice(0, 1)))
  return new Map(
    operations.map((operation, index) => {
      const name = byPath[index] ?? fallback
      const [tag] = operation.tags
      if (sizes.get(name) === 1 && tag !== undefined && (tags.get(tag) ?? 0) > 1)
        return [operation, wordsOf(tag).join('-') || name]
      return [operation, sizes.has(`${name}s`) ? `${name}s` : name]
    }),
  )
}

function crowdedNames(paths: readonly Place['names'][]): ReadonlySet<string> {
  const groups = Map.groupBy(
    paths.filter((names) => names.length > 0),
    ([first]) => first?.name ?? '',
  )
  return new Set(
    [...groups].flatMap(([name, members]) => {
      const below = members.flatMap(([, second]) => (second?.ofOne === true ? [second.name] : []))
      const many = members.length > Math.max(MOST_IN_ONE, paths.length * CROWDED)
      return many && new Set(below).size >= FEWEST_BELOW && below.length > members.length / 2 ? [name] : []
    }),
  )
}

function countBy(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}
