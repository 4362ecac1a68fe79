/**
 * Words that are reserved in a language that SDKs are made for, or that name something on every object. One set for all
 * languages: a name that is safe here is safe everywhere.
 */
const RESERVED = new Set(
  `abstract and arguments as asserts async await boolean break byte case catch char chan class const constructor continue
  debugger declare def default defer del delete do double elif else enum eval except exec export extends fallthrough false
  final finally float for from func function global go goto if implements import in instanceof int interface is
  lambda let long map native new nonlocal not null object of or package pass private protected prototype public raise
  range readonly return select self short static strictfp struct super switch synchronized then this throw throws toJSON
  toString transient true try type typeof undefined unsafe valueOf var void volatile while with yield hasOwnProperty`.split(
    /\s+/,
  ),
)

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
  return RESERVED.has(led) ? `${led}_` : led
}

/** As {@link safeName}, with a leading capital: `people` → `People`. */
export function safeTypeName(raw: string, fallback: string): string {
  return upperFirst(safeName(raw, fallback))
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

/** Short, stable distinction for a name that is taken: from what the thing is, not from its place in a list. */
export function suffix(identity: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < identity.length; index++)
    hash = Math.imul(hash ^ identity.charCodeAt(index), 0x01000193) >>> 0
  return hash.toString(36).padStart(6, '0').slice(0, 6)
}
