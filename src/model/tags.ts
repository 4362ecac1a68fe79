import type { Operation, Tag } from './api.ts'
import { defined, isObject, type Json, text } from './document.ts'
import { externalDocs } from './external-docs.ts'

/**
 * Declared tags first, in their order; then those that only operations name. A parent that isn't declared, or a circle of
 * parents (OpenAPI 3.2 section 4.22 forbids both), leaves a tag at the top.
 */
export function tags(root: Json, operations: readonly Operation[]): Tag[] {
  const declared = new Map<string, Tag>()
  for (const tag of (Array.isArray(root.tags) ? root.tags : []).filter(isObject)) {
    const name = text(tag.name)
    if (name === undefined || declared.has(name)) continue
    declared.set(
      name,
      defined<Tag>({
        name,
        summary: text(tag.summary) ?? text(tag['x-displayName']),
        description: text(tag.description),
        parent: text(tag.parent),
        kind: text(tag.kind),
        externalDocs: externalDocs(tag.externalDocs),
      }),
    )
  }
  const used = new Set(operations.flatMap((operation) => operation.tags))
  return [
    ...[...declared.values()].map((tag) => (climbs(tag, declared) ? tag : withoutParent(tag))),
    ...[...used].filter((name) => !declared.has(name)).map((name) => ({ name })),
  ]
}

/** Whether the way up from a tag ends at one without a parent. */
function climbs(tag: Tag, declared: ReadonlyMap<string, Tag>): boolean {
  const seen = new Set<Tag>()
  for (let current: Tag | undefined = tag; !seen.has(current); ) {
    if (current.parent === undefined) return true
    seen.add(current)
    const above = declared.get(current.parent)
    if (above === undefined) return current !== tag
    current = above
  }
  return false
}

function withoutParent({ parent: _, ...tag }: Tag): Tag {
  return tag
}
