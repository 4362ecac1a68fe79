import type { ApiModel, Operation } from '../model/api.ts'
import { operation as say } from '../wording/wording.ts'
import type { Viewer } from './lens.ts'
import { type Verdict, verdict } from './verdict.ts'

export interface NavigationGroup {
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

/** Past this many, only the group that one is in stays open. */
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
  return [...groups].map(([title, operations]) => {
    const open = !fold || title === tag || (current !== undefined && operations.includes(current))
    return {
      title,
      count: operations.length,
      rows: open ? operations.map((operation) => operationRow(operation, viewer, model.schemes)) : [],
    }
  })
}

export function operationRow(operation: Operation, viewer: Viewer, schemes: ApiModel['schemes']): OperationRow {
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

const groups = new WeakMap<ApiModel['operations'], ReadonlyMap<string, readonly Operation[]>>()

/** An operation stands under its first tag only, so that a list has it once. Asked for by every page, so found once. */
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
  const rest: Operation[] = []
  for (const operation of operations) {
    const [tag] = operation.tags
    if (tag === undefined) rest.push(operation)
    else if (found.get(tag)?.push(operation) === undefined) found.set(tag, [operation])
  }
  if (rest.length > 0) found.set(say.untagged, [...(found.get(say.untagged) ?? []), ...rest])
  return new Map([...found].filter(([, list]) => list.length > 0))
}
