import type { ApiModel, Operation } from '../model/api.ts'
import { operation as say } from '../wording/wording.ts'
import type { Viewer } from './lens.ts'
import { type Verdict, verdict } from './verdict.ts'

export interface NavigationGroup {
  /** The tag's. */
  readonly name: string
  /** What is shown: under a parent, `Parent › Child`. */
  readonly title: string
  readonly count: number
  /** Empty where the group is folded: it opens on the API's page. */
  readonly rows: readonly OperationRow[]
}

export interface OperationRow {
  readonly id: string
  readonly title: string
  readonly method: string
  readonly path: string
  readonly deprecated: boolean
  readonly verdict: Verdict
}

/** Past this many, only the group that one is in stays open; and as many without a tag are a group for each first part of a path. */
const MOST_UNFOLDED = 120

type Listed = Pick<ApiModel, 'operations' | 'tags' | 'schemes'>

/** Operations by tag: tags in the document's order, then those it doesn't declare; last, operations without one. Large ones are folded but where the reader is: at an operation, or a tag. */
export function navigation(
  model: Listed,
  viewer: Viewer,
  { current, tag }: { readonly current?: Operation | undefined; readonly tag?: string | null } = {},
): NavigationGroup[] {
  const groups = byTag(model)
  const fold = model.operations.length > MOST_UNFOLDED
  return [...groups].map(([name, operations]) => {
    const open = !fold || name === tag || (current !== undefined && operations.includes(current))
    return {
      name,
      title: tagTitle(name, model.tags),
      count: operations.length,
      rows: open ? operations.map((operation) => operationRow(operation, viewer, model.schemes)) : [],
    }
  })
}

/** As those see them whom no verdict is given: the same for all, for as long as the document stays as it is. */
const unjudged = new WeakMap<Operation, OperationRow>()

export function operationRow(operation: Operation, viewer: Viewer, schemes: ApiModel['schemes']): OperationRow {
  if (viewer.credentials !== undefined) return newRow(operation, viewer, schemes)
  const row = unjudged.get(operation) ?? newRow(operation, viewer, schemes)
  unjudged.set(operation, row)
  return row
}

function newRow(operation: Operation, viewer: Viewer, schemes: ApiModel['schemes']): OperationRow {
  const { id, method, path, deprecated } = operation
  return {
    id,
    title: operationTitle(operation),
    method,
    path,
    deprecated,
    verdict: verdict(operation, viewer, schemes),
  }
}

export function operationTitle({ summary, method, path }: Pick<Operation, 'summary' | 'method' | 'path'>): string {
  return summary ?? `${method} ${path}`
}

/** OpenAPI 3.2: a tag has a name to be shown, and may stand under another. */
export function tagTitle(name: string, tags: ApiModel['tags']): string {
  const tag = tags.find((one) => one.name === name)
  const own = tag?.summary ?? name
  return tag?.parent === undefined ? own : say.under(tagTitle(tag.parent, tags), own)
}

const groups = new WeakMap<ApiModel['operations'], ReadonlyMap<string, readonly Operation[]>>()

/** An operation stands under one tag only, so that a list has it once: the first that isn't said to be something else than navigation. Asked for by every page, so found once. */
export function byTag(model: Pick<ApiModel, 'operations' | 'tags'>): ReadonlyMap<string, readonly Operation[]> {
  const known = groups.get(model.operations)
  if (known !== undefined) return known
  const found = groupByTag(model)
  groups.set(model.operations, found)
  return found
}

function groupByTag({
  operations,
  tags,
}: Pick<ApiModel, 'operations' | 'tags'>): ReadonlyMap<string, readonly Operation[]> {
  const found = new Map<string, Operation[]>(tags.map((tag) => [tag.name, []]))
  const others = new Set(tags.filter(({ kind = 'nav' }) => kind !== 'nav').map(({ name }) => name))
  const rest: Operation[] = []
  for (const operation of operations) {
    const tag = operation.tags.find((name) => !others.has(name)) ?? operation.tags[0]
    if (tag === undefined) rest.push(operation)
    else if (found.get(tag)?.push(operation) === undefined) found.set(tag, [operation])
  }
  for (const [title, list] of rest.length > MOST_UNFOLDED ? byPath(rest) : [[say.untagged, rest] as const])
    found.set(title, [...(found.get(title) ?? []), ...list])
  return new Map([...found].filter(([, list]) => list.length > 0))
}

/** By the first part of the path that isn't the same for all of them: `customers` of `/v1/customers/{id}`. */
function byPath(operations: readonly Operation[]): ReadonlyMap<string, readonly Operation[]> {
  const parts = operations.map(({ path }) => path.split('/').filter((part) => part !== '' && !part.includes('{')))
  const [first = []] = parts
  const shared = first.findIndex((part, at) => parts.some((other) => other[at] !== part))
  const found = new Map<string, Operation[]>()
  for (const [index, operation] of operations.entries()) {
    const title = parts[index]?.[shared] ?? say.untagged
    if (found.get(title)?.push(operation) === undefined) found.set(title, [operation])
  }
  return found
}
