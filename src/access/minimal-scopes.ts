import type { Operation } from '../model/api.ts'

export interface MinimalScopes<T> {
  /** Sorted. A token that holds them may call every operation but the unreachable ones. */
  readonly scopes: readonly string[]
  /** False: the search was given up, and there may be a smaller set. */
  readonly exact: boolean
  /** What no scope makes callable: it takes credentials that no token stands for. */
  readonly unreachable: readonly T[]
}

/** Comparisons of sets. Real APIs take some thousands; a document made to be hard gets an answer that isn't exact. */
const MOST_WORK = 400_000

/**
 * The smallest set of scopes with which a token may call all of these operations. Each operation is satisfied by one of
 * its alternatives, so this is a choice of one for each, such that few scopes are chosen in all (it is NP-hard).
 */
export function minimalScopes<T extends Pick<Operation, 'requirement'>>(operations: readonly T[]): MinimalScopes<T> {
  const names = new Map<string, bigint>()
  const bit = (scope: string): bigint => {
    const known = names.get(scope) ?? 1n << BigInt(names.size)
    names.set(scope, known)
    return known
  }
  const choices: Choice[] = []
  const unreachable: T[] = []
  for (const operation of operations) {
    const byToken = operation.requirement.alternatives.filter((alternative) => alternative.every(({ token }) => token))
    if (byToken.length === 0) unreachable.push(operation)
    else
      choices.push(
        byToken.map((alternative) => union(alternative.flatMap(({ scopes }) => scopes.map((scope) => bit(scope))))),
      )
  }
  const search = new Search()
  const best = search.solve(choices)
  const scopes = [...names].filter(([, mask]) => (best & mask) !== 0n).map(([name]) => name)
  return { scopes: scopes.sort(), exact: search.exact, unreachable }
}

/** Sets of scopes, a bit each; one of them has to be held. */
type Choice = readonly bigint[]

/** Branch and bound, on what is left once everything that follows by itself is settled. */
class Search {
  exact = true
  #work = MOST_WORK

  solve(choices: readonly Choice[]): bigint {
    this.#work -= choices.reduce((sum, { length }) => sum + length * length, 0)
    if (this.#work < 0) {
      this.exact = false
      return greedy(choices)
    }
    const { forced, left } = settle(choices)
    return components(left).reduce((chosen, component) => chosen | this.#branch(component), forced)
  }

  #branch(choices: readonly Choice[]): bigint {
    const [first] = [...choices].sort((a, b) => a.length - b.length)
    if (first === undefined) return 0n
    let best: bigint | undefined
    for (const alternative of [...first].sort((a, b) => size(a) - size(b))) {
      const rest = choices.map((choice) => choice.map((set) => set & ~alternative))
      if (best !== undefined && size(alternative) + bound(rest) >= size(best)) continue
      const found = alternative | this.solve(rest)
      if (best === undefined || size(found) < size(best)) best = found
    }
    return best ?? 0n
  }
}

/** Takes every choice that is none, and drops what is satisfied, repeated or follows from another. */
function settle(choices: readonly Choice[]): { forced: bigint; left: Choice[] } {
  let forced = 0n
  let left = choices
  for (;;) {
    const distinct = new Map<string, Choice>()
    for (const choice of left) {
      const open = least(choice.map((set) => set & ~forced))
      if (open[0] !== 0n) distinct.set(open.join(), open)
    }
    left = [...distinct.values()]
    const only = union(left.flatMap((choice) => (choice.length === 1 ? choice : [])))
    if (only === 0n) return { forced, left: [...left] }
    forced |= only
  }
}

/** Without alternatives that ask for all that another asks for; smallest first. */
function least(choice: Choice): bigint[] {
  const kept: bigint[] = []
  for (const set of [...choice].sort((a, b) => size(a) - size(b) || (a < b ? -1 : 1)))
    if (!kept.some((other) => (other & set) === other)) kept.push(set)
  return kept
}

/** Choices that have scopes in common belong together; the others can be made apart. */
function components(choices: readonly Choice[]): Choice[][] {
  const groups: { scopes: bigint; choices: Choice[] }[] = []
  for (const choice of choices) {
    const scopes = union(choice)
    const [home, ...others] = groups.filter((group) => (group.scopes & scopes) !== 0n)
    if (home === undefined) {
      groups.push({ scopes, choices: [choice] })
      continue
    }
    home.scopes |= scopes
    home.choices.push(choice)
    for (const other of others) {
      home.scopes |= other.scopes
      home.choices = home.choices.concat(other.choices)
      groups.splice(groups.indexOf(other), 1)
    }
  }
  return groups.map((group) => group.choices)
}

/** No solution has fewer scopes: choices without a scope in common each need their own. */
function bound(choices: readonly Choice[]): number {
  let seen = 0n
  let sum = 0
  for (const choice of choices) {
    const scopes = union(choice)
    if ((scopes & seen) !== 0n) continue
    seen |= scopes
    sum += Math.min(...choice.map(size))
  }
  return sum
}

/** One choice after the other, each by what it adds least. */
function greedy(choices: readonly Choice[]): bigint {
  return choices.reduce((chosen, choice) => {
    const added = choice.map((set) => set & ~chosen)
    return chosen | added.reduce((best, set) => (size(set) < size(best) ? set : best))
  }, 0n)
}

function union(sets: readonly bigint[]): bigint {
  return sets.reduce((all, set) => all | set, 0n)
}

function size(set: bigint): number {
  let count = 0
  for (let left = set; left !== 0n; left &= left - 1n) count++
  return count
}
