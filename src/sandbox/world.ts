import type { Remembered } from './idempotency.ts'

/** A thing as the API would return it, whole. Never changed in place: a change makes another. */
export type Item = Readonly<Record<string, unknown>>
export type Items = ReadonlyMap<string, Item>

export interface StoredFile {
  readonly type: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** What there is before anyone touched it, by the collection's path. */
export interface Initial {
  items(collection: string): Items
  /** An item, listed or not: where nothing lists them, whatever one asks for exists. */
  item(collection: string, key: string): Item | undefined
}

/** What one app sees and changes. Collections are copied when first written to. */
export class World {
  readonly #initial: Initial
  readonly #collections = new Map<string, Map<string, Item>>()
  readonly #removed = new Set<string>()
  /** Items made here, ever: gives each new one another id. */
  created = 0
  /** Characters of JSON that the items made or changed here take. */
  size = 0
  readonly #sizes = new WeakMap<Item, number>()
  readonly #remembered = new Map<string, Remembered>()
  /** By path; null: deleted. */
  readonly #files = new Map<string, StoredFile | null>()

  constructor(initial: Initial) {
    this.#initial = initial
  }

  /** @param collection given where one more item is to go into it */
  hasRoom(collection?: string): boolean {
    return this.size < MAX_WORLD && (collection === undefined || this.items(collection).size < MAX_ITEMS)
  }

  items(collection: string): Items {
    return this.#collections.get(collection) ?? this.#initial.items(collection)
  }

  item(collection: string, key: string): Item | undefined {
    const own = this.items(collection).get(key)
    if (own !== undefined || this.#removed.has(`${collection}/${key}`)) return own
    return this.#initial.item(collection, key)
  }

  put(collection: string, key: string, item: Item): void {
    this.remove(collection, key, true)
    const size = JSON.stringify(item).length
    this.#sizes.set(item, size)
    this.size += size
    this.#own(collection).set(key, item)
  }

  /** @param replaced keeps the key's place in the order */
  remove(collection: string, key: string, replaced = false): void {
    const items = this.#own(collection)
    const item = items.get(key)
    this.size -= item === undefined ? 0 : (this.#sizes.get(item) ?? 0)
    if (replaced) return
    items.delete(key)
    if (this.#removed.size < MAX_ITEMS) this.#removed.add(`${collection}/${key}`)
  }

  /** What a request with this idempotency key was answered. */
  remembered(key: string): Remembered | undefined {
    return this.#remembered.get(key)
  }

  remember(key: string, remembered: Remembered): void {
    this.#remembered.set(key, remembered)
    this.size += remembered.answer.body?.length ?? 0
    const [oldest] = this.#remembered
    if (oldest === undefined || this.#remembered.size <= MAX_REMEMBERED) return
    this.#remembered.delete(oldest[0])
    this.size -= oldest[1].answer.body?.length ?? 0
  }

  /** Undefined: none was sent; null: it was deleted. */
  file(path: string): StoredFile | null | undefined {
    return this.#files.get(path)
  }

  putFile(path: string, file: StoredFile | null): void {
    this.size += (file?.bytes.byteLength ?? 0) - (this.#files.get(path)?.bytes.byteLength ?? 0)
    if (this.#files.size < MAX_ITEMS || this.#files.has(path)) this.#files.set(path, file)
  }

  #own(collection: string): Map<string, Item> {
    const own = this.#collections.get(collection) ?? new Map(this.#initial.items(collection))
    this.#collections.set(collection, own)
    return own
  }
}

const MAX_WORLDS = 10_000
/** Characters of JSON: of one world, and of all of them. */
const MAX_WORLD = 4_000_000
const MAX_TOTAL = 64_000_000
const MAX_ITEMS = 1_000
const MAX_REMEMBERED = 100
/** Milliseconds without a call, after which a world is gone. */
const IDLE = 24 * 3_600_000

interface Kept {
  readonly world: World
  usedAt: number
}

/** A world per session. Reading makes none; of too many, the one unused for longest goes. */
export class Worlds {
  readonly #initial: Initial
  readonly #clock: () => number
  /** In order of use. */
  readonly #worlds = new Map<string, Kept>()
  readonly #untouched: World
  #total = 0

  /** @param clock milliseconds since the epoch */
  constructor(initial: Initial, clock: () => number) {
    this.#initial = initial
    this.#clock = clock
    this.#untouched = new World(initial)
  }

  read(owner: string): World {
    return this.#known(owner, this.#clock())?.world ?? this.#untouched
  }

  write<T>(owner: string, change: (world: World) => T): T {
    const now = this.#clock()
    const kept = this.#known(owner, now) ?? { world: new World(this.#initial), usedAt: now }
    this.#worlds.set(owner, kept)
    const before = kept.world.size
    const result = change(kept.world)
    this.#total += kept.world.size - before
    for (const [oldest, { usedAt }] of this.#worlds) {
      const fits = this.#worlds.size <= MAX_WORLDS && this.#total <= MAX_TOTAL && now < usedAt + IDLE
      if (fits || this.#worlds.size === 1) break
      this.reset(oldest)
    }
    return result
  }

  #known(owner: string, now: number): Kept | undefined {
    const kept = this.#worlds.get(owner)
    if (kept === undefined) return undefined
    if (now >= kept.usedAt + IDLE) {
      this.reset(owner)
      return undefined
    }
    kept.usedAt = now
    this.#worlds.delete(owner)
    this.#worlds.set(owner, kept)
    return kept
  }

  /** @param owner of all of them, unless given */
  reset(owner?: string): void {
    this.#total -= owner === undefined ? this.#total : (this.#worlds.get(owner)?.world.size ?? 0)
    if (owner === undefined) this.#worlds.clear()
    else this.#worlds.delete(owner)
  }
}
