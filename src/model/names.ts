/**
 * Words that are reserved in a language that SDKs are made for, or that name something on every object there. One set for
 * all languages: a name that is safe here is safe everywhere.
 */
const RESERVED = new Set(
  [
    // ECMAScript and TypeScript; with a `then`, an object would be taken for a promise.
    `abstract arguments as asserts async await break case catch class const constructor continue debugger default
    delete do else enum eval export extends false finally for from function hasOwnProperty if implements import in
    instanceof interface is isPrototypeOf let new null object of package private propertyIsEnumerable protected
    prototype public readonly return static super switch then this throw toJSON toLocaleString toString true try
    typeof undefined valueOf var void while with yield`,
    // Python
    `and assert async await break class continue def del elif else except exec False finally for from global if import in
    is lambda None nonlocal not or pass raise return self True try while with yield`,
    // Go
    `break case chan const continue default defer else fallthrough for func go goto if import interface map nil package
    range return select struct switch type var`,
    // Java
    `abstract assert boolean break byte case catch char class const continue default do double else enum extends final
    finalize finally float for getClass goto hashCode if implements import instanceof int interface long native new
    notify notifyAll package private protected public return short static strictfp super switch synchronized this
    throw throws transient try unsafe void volatile wait while`,
  ].flatMap((words) => words.split(/\s+/)),
)

/** The same for types, which languages write with a capital. */
const RESERVED_TYPES = new Set(
  `Any Array ArrayBuffer BigInt Boolean Byte Character Class Date Double Enum Error Exception False Float Function Infinity
  Integer Iterable Iterator Long Map Math NaN None Number Object Override Promise Proxy Record Reflect RegExp Request
  Response Runnable Set Short String Symbol System Thread Throwable True Void WeakMap WeakSet`.split(/\s+/),
)

/** File names hold 255 bytes, and ids become file names. */
const LONGEST = 200

/** `list-employees`, `List employees`, `employees.list` → `listEmployees`. ASCII letters, digits and `_`; never empty. */
export function safeName(raw: string, fallback: string): string {
  const words = raw
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .split(/[^A-Za-z0-9_]+/)
    .filter((word) => word !== '')
  const joined = words.map((word, index) => (index === 0 ? lowerFirst(word) : upperFirst(word))).join('')
  const name = joined.replace(/^_+|_+$/g, '')
  if (name === '') return fallback
  const led = /^\d/.test(name) ? `${fallback}${name}` : name
  if (led.length > LONGEST) return `${led.slice(0, LONGEST - 7)}_${suffix(raw)}`
  return RESERVED.has(led) ? `${led}_` : led
}

/** As {@link safeName}, with a leading capital: `people` → `People`. */
export function safeTypeName(raw: string, fallback: string): string {
  const name = upperFirst(safeName(raw, fallback))
  return RESERVED_TYPES.has(name) ? `${name}_` : name
}

/** Acronyms keep together: `URLMap` stays `URLMap`, `GetThing` becomes `getThing`. */
function lowerFirst(word: string): string {
  return /^[A-Z]{2}/.test(word)
    ? /^[A-Z0-9_]+$/.test(word)
      ? word.toLowerCase()
      : word
    : word.charAt(0).toLowerCase() + word.slice(1)
}

function upperFirst(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** What wants a name, and what it is: its identity is no one else's, and doesn't change with its neighbours. */
export interface Nameless {
  readonly wanted: string
  readonly identity: string
}

/**
 * Safe names, each different from the others in every language's spelling (`getA`, `GetA` and `get_a` are one name). Of
 * those that want the same, the one that was written that way keeps it, else the first; the others are told apart by
 * what they are, so that a thing of another name renames nothing.
 */
export function distinctNames(things: readonly Nameless[], fallback: string): string[] {
  const names = things.map(({ wanted }) => safeName(wanted, fallback))
  const owners = new Map<string, number>()
  const claim = (index: number, name: string): void => {
    if (!owners.has(spelling(name))) owners.set(spelling(name), index)
  }
  for (const [index, name] of names.entries()) if (name === things[index]?.wanted) claim(index, name)
  for (const [index, name] of names.entries()) claim(index, name)
  return names.map((name, index) => {
    if (owners.get(spelling(name)) === index) return name
    const identity = things[index]?.identity ?? ''
    let distinct = `${name}_${suffix(identity)}`
    for (let round = 2; owners.has(spelling(distinct)); round++) distinct = `${name}_${suffix(`${identity} ${round}`)}`
    owners.set(spelling(distinct), index)
    return distinct
  })
}

/** What is left of a name where case and underscores don't count. */
export function spelling(name: string): string {
  return name.replaceAll('_', '').toLowerCase()
}

/** Short, stable distinction for a name that is taken: from what the thing is, not from its place in a list. */
export function suffix(identity: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < identity.length; index++)
    hash = Math.imul(hash ^ identity.charCodeAt(index), 0x01000193) >>> 0
  return hash.toString(36).padStart(6, '0').slice(0, 6)
}
