import type { Policy } from '../model/api.ts'

/** One difference between two sets of policies. Values are as they are stored, durations in seconds. */
export interface PolicyChange {
  readonly kind: 'added' | 'removed' | 'moved' | 'changed'
  /** `Editors write › Editors › when.users.groups`: policy, rule, and what in it. */
  readonly at: readonly string[]
  readonly before?: unknown
  readonly after?: unknown
}

/**
 * What changes from one set to another. Policies are known by their names, and so are the rules of a policy; of two with
 * one name, the first is compared with the first. `moved`: another place in the order of priority among those that stay.
 */
export function diffPolicies(before: readonly Policy[], after: readonly Policy[]): PolicyChange[] {
  return compareLists(before, after, [], (a, b, at) => [
    ...compareValues(a.mode, b.mode, [...at, 'mode']),
    ...compareLists(a.rules, b.rules, at, (one, other, place) => [
      ...compareValues(one.when, other.when, [...place, 'when']),
      ...compareValues(one.then, other.then, [...place, 'then']),
    ]),
  ])
}

/** For people: `~ Editors write › Editors › when.users.groups: ["editors"] → ["chiefs"]`. */
export function formatChange({ kind, at, before, after }: PolicyChange): string {
  const place = at.join(' › ')
  if (kind === 'added') return after === undefined ? `+ ${place}` : `+ ${place}: ${JSON.stringify(after)}`
  if (kind === 'removed') return before === undefined ? `- ${place}` : `- ${place}: ${JSON.stringify(before)}`
  if (kind === 'moved') return `^ ${place}: from place ${Number(before)} to ${Number(after)}`
  return `~ ${place}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`
}

interface Named {
  readonly name: string
}

function compareLists<T extends Named>(
  before: readonly T[],
  after: readonly T[],
  at: readonly string[],
  compare: (before: T, after: T, at: readonly string[]) => PolicyChange[],
): PolicyChange[] {
  const olds = keyed(before)
  const news = keyed(after)
  const kept = [...news.keys()].filter((key) => olds.has(key))
  const order = [...olds.keys()].filter((key) => news.has(key))
  return [
    ...[...olds].flatMap(([key, { name }]): PolicyChange[] =>
      news.has(key) ? [] : [{ kind: 'removed', at: [...at, name] }],
    ),
    ...[...news].flatMap(([key, item]): PolicyChange[] => {
      const old = olds.get(key)
      const place = [...at, item.name]
      if (old === undefined) return [{ kind: 'added', at: place }]
      const [from, to] = [order.indexOf(key) + 1, kept.indexOf(key) + 1]
      return [
        ...(from === to ? [] : [{ kind: 'moved', at: place, before: from, after: to } as const]),
        ...compare(old, item, place),
      ]
    }),
  ]
}

function keyed<T extends Named>(items: readonly T[]): Map<string, T> {
  const seen = new Map<string, number>()
  return new Map(
    items.map((item) => {
      const count = (seen.get(item.name) ?? 0) + 1
      seen.set(item.name, count)
      return [`${count} ${item.name}`, item]
    }),
  )
}

/** Down to the members that differ. Lists are values: their order may matter to whoever reads them. */
function compareValues(before: unknown, after: unknown, at: readonly string[]): PolicyChange[] {
  if (isRecord(before) && isRecord(after)) {
    const members = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...members].flatMap((member) =>
      compareValues(before[member], after[member], [...at.slice(0, -1), `${at.at(-1)}.${member}`]),
    )
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  if (before === undefined) return [{ kind: 'added', at, after }]
  if (after === undefined) return [{ kind: 'removed', at, before }]
  return [{ kind: 'changed', at, before, after }]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
