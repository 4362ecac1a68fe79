/** What a benchmark is. Each is a folder `test/bench/<name>/` whose `bench.ts` exports one as `bench`. */
export interface Bench {
  readonly title: string
  /** What is measured, under which conditions: a sentence or two. */
  readonly about: string
  /** How many there are unless asked otherwise; 5. For what takes long. */
  readonly rounds?: number
  readonly metrics: readonly Metric[]
  readonly contestants: readonly Contestant[]
  /** npm packages that the peers need, each at an exact version. */
  readonly peers: Readonly<Record<string, string>>
  /** As npm has them: for what a peer depends on and can't be had. */
  readonly overrides?: Readonly<Record<string, string>>
}

export interface Metric {
  readonly id: string
  readonly title: string
  readonly unit: string
  readonly better: 'lower' | 'higher'
  /** What ours must reach: a value, or a multiple of a peer's median; of the best peer's, where none is named. */
  readonly target?: { readonly value: number } | { readonly times: number; readonly peer?: string }
}

export interface Contestant {
  readonly name: string
  /** The peer's npm package, for its version. None: this one is ours. */
  readonly package?: string
  /** At most: of one that takes minutes. */
  readonly rounds?: number
  /** Does once what isn't to be measured, and returns what measures one round. */
  prepare(place: Place): Promise<() => Promise<Measurement>>
}

/** Values by metric. One that is left out doesn't apply to this contestant. */
export type Measurement = Readonly<Record<string, Value>>

/** A number; one that it is more than, where nobody waited longer; or a sentence on why there is none. */
export type Value = number | { readonly over: number } | string

/** Folders, as absolute paths. */
export interface Place {
  readonly root: string
  /** Where the peers' `node_modules` is. */
  readonly peers: string
  /** The bench's own, empty at first and removed at the end. */
  readonly scratch: string
}
