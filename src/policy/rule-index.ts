import type { Policy, Rule } from '../model/api.ts'
import { attributeValues } from './conditions.ts'
import type { GrantContext } from './context.ts'
import { inRange, parseAddress, parseNetwork, type Range } from './network.ts'

/** A set of rules, by their place in the order of priority: one bit each, 32 to a word. */
type Bits = Int32Array

/**
 * Rules by the values that their conditions name, so that those which can't match a request are passed over without being
 * looked at: a few word-wise operations per condition, however many rules there are.
 *
 * Networks have no values to look up; they are read once, and compared where a rule is left.
 *
 * It only ever rules out. Whether a rule that is left matches is for the conditions themselves to say, which is also why
 * sign-in times needn't be here.
 */
export class RuleIndex {
  readonly #rules: readonly IndexedRule[]
  readonly #size: number
  readonly #partial: Bits
  /** Whether a rule names networks, so that the address has to be read. */
  readonly #networks: boolean
  readonly #grants: Facet
  readonly #subjects: Facet
  readonly #kinds: Facet
  readonly #softwareIds: Facet
  readonly #ids: Facet
  readonly #groups: Facet
  readonly #emails: Facet
  readonly #scopes: Facet
  readonly #profile = new Map<string, Facet>()

  constructor(policies: readonly Policy[]) {
    this.#rules = policies.flatMap((policy) => policy.rules.map((rule) => indexed(policy, rule)))
    this.#size = Math.ceil(this.#rules.length / 32)
    this.#partial = new Int32Array(this.#size)
    this.#networks = this.#rules.some(({ ranges }) => ranges !== undefined)
    this.#rules.forEach(({ policy }, place) => {
      if (policy.mode === 'partial') set(this.#partial, place)
    })
    const facet = (values: (when: Rule['when']) => readonly string[] | undefined) =>
      new Facet(
        this.#rules.map(({ rule }) => values(rule.when)),
        this.#size,
      )
    this.#grants = facet(({ grants }) => grants)
    this.#subjects = facet(({ users }) => (users === undefined ? undefined : [users === 'none' ? 'none' : 'someone']))
    this.#kinds = facet(({ clients }) => filled(clients?.kinds))
    this.#softwareIds = facet(({ clients }) => filled(clients?.softwareIds))
    this.#ids = facet(({ clients }) => filled(clients?.ids))
    this.#groups = facet((when) => filled(named(when)?.groups))
    this.#emails = facet((when) => filled(named(when)?.emails)?.map((email) => email.toLowerCase()))
    this.#scopes = facet(({ scopes }) => scopes)
    for (const { rule } of this.#rules)
      for (const attribute of Object.keys(named(rule.when)?.profile ?? {}))
        if (!this.#profile.has(attribute))
          this.#profile.set(
            attribute,
            facet((when) => own(named(when)?.profile, attribute)),
          )
  }

  /** Rules that may match, in order of priority. */
  *candidates(context: GrantContext): Generator<IndexedRule> {
    const { client, user } = context
    const left = new Int32Array(this.#size).fill(-1)
    this.#grants.narrow(left, [context.grant])
    this.#subjects.narrow(left, [user === undefined ? 'none' : 'someone'])
    this.#kinds.narrow(left, client.verified ? [client.kind] : [])
    this.#softwareIds.narrow(left, client.verified && client.softwareId !== undefined ? [client.softwareId] : [])
    this.#ids.narrow(left, [client.id])
    if (user !== undefined) {
      this.#groups.narrow(left, user.groups)
      this.#emails.narrow(left, [user.email.toLowerCase()])
      for (const [attribute, facet] of this.#profile) facet.narrow(left, attributeValues(user.profile, attribute))
    }
    const asked = context.requested.length > 0 ? context.requested : context.defaults
    if (asked.length > 0) this.#scopes.narrow(left, asked)
    // All or nothing: each of the scopes that the request itself names.
    for (const scope of context.requested) this.#scopes.narrow(left, [scope], this.#partial)

    const address = this.#networks && context.network !== undefined ? parseAddress(context.network) : undefined
    for (let word = 0; word < left.length; word++)
      for (let bits = left[word] ?? 0; bits !== 0; bits &= bits - 1) {
        const entry = this.#rules[word * 32 + (31 - Math.clz32(bits & -bits))]
        if (entry === undefined || entry.ranges?.some((range) => inRange(address, range)) === false) continue
        yield entry
      }
  }
}

interface IndexedRule {
  readonly policy: Policy
  readonly rule: Rule
  /** Its networks; undefined: it doesn't state the condition. */
  readonly ranges: readonly Range[] | undefined
}

function indexed(policy: Policy, rule: Rule): IndexedRule {
  const ranges = rule.when.networks?.map(parseNetwork).filter((range) => range !== undefined)
  return { policy, rule, ranges }
}

/** One condition of every rule. */
class Facet {
  /** Rules that don't state it. */
  readonly #silent: Bits
  /** No rule states it: there is nothing to rule out. */
  readonly #idle: boolean
  readonly #naming = new Map<string, Bits>()

  /** @param stated by place, the values of which one must be held; undefined: the rule doesn't state the condition */
  constructor(stated: readonly (readonly string[] | undefined)[], size: number) {
    this.#silent = new Int32Array(size)
    stated.forEach((values, place) => {
      if (values === undefined) set(this.#silent, place)
      for (const value of values ?? []) {
        const bits = this.#naming.get(value) ?? new Int32Array(size)
        this.#naming.set(value, bits)
        set(bits, place)
      }
    })
    this.#idle = stated.every((values) => values === undefined)
  }

  /** Takes out of `left` the rules that state the condition and name none of the values, but for those `spared`. */
  narrow(left: Bits, values: readonly string[], spared?: Bits): void {
    if (this.#idle) return
    const fits = this.#silent.slice()
    for (const value of values) {
      const naming = this.#naming.get(value)
      if (naming !== undefined) add(fits, naming)
    }
    if (spared !== undefined) add(fits, spared)
    for (let word = 0; word < left.length; word++) left[word] = (left[word] ?? 0) & (fits[word] ?? 0)
  }
}

function add(to: Bits, bits: Bits): void {
  for (let word = 0; word < to.length; word++) to[word] = (to[word] ?? 0) | (bits[word] ?? 0)
}

function set(bits: Bits, place: number): void {
  bits[place >>> 5] = (bits[place >>> 5] ?? 0) | (1 << (place & 31))
}

/** An empty list beside a filled one says nothing ({@link ./conditions.ts}). */
function filled(values: readonly string[] | undefined): readonly string[] | undefined {
  return values?.length === 0 ? undefined : values
}

function named({ users }: Rule['when']): Exclude<Rule['when']['users'], 'none'> {
  return users === 'none' ? undefined : users
}

function own(
  values: Readonly<Record<string, readonly string[]>> | undefined,
  key: string,
): readonly string[] | undefined {
  return values !== undefined && Object.hasOwn(values, key) ? values[key] : undefined
}
