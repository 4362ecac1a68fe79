/** A thing as the API would return it, whole. Never changed in place: a change makes another. */
export type Item = Readonly<Record<string, unknown>>
export type Items = ReadonlyMap<string, Item>

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

/** A world per app. Reading makes none; of too many, the one unused for longest goes. */
export class Worlds {
  readonly #initial: Initial
  /** In order of use. */
  readonly #worlds = new Map<string, World>()
  readonly #untouched: World
  #total = 0

  constructor(initial: Initial) {
    this.#initial = initial
    this.#untouched = new World(initial)
  }

  read(owner: string): World {
    const world = this.#worlds.get(owner)
    if (world === undefined) return this.#untouched
    this.#worlds.delete(owner)
    this.#worlds.set(owner, world)
    return world
  }

  write<T>(owner: string, change: (world: World) => T): T {
    const world = this.#worlds.get(owner) ?? new World(this.#initial)
    this.#worlds.delete(owner)
    this.#worlds.set(owner, world)
    const before = world.size
    const result = change(world)
    this.#total += world.size - before
    for (const [oldest, { size }] of this.#worlds) {
      if ((this.#worlds.size <= MAX_WORLDS && this.#total <= MAX_TOTAL) || this.#worlds.size === 1) break
      this.#worlds.delete(oldest)
      this.#total -= size
    }
    return result
  }

  reset(): void {
    this.#worlds.clear()
    this.#total = 0
  }
}
