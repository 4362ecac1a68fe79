import type { ApiModel } from './api.ts'
import { isObject, type Json, refPointer, strings } from './document.ts'
import { unescapePointer } from './schema.ts'

/**
 * The bundled document, cut down as the model was: without the hidden operations, and without the components, scopes and tags
 * that only they bring along.
 *
 * @param whole the model as compiled
 * @param seen the same for one reader ({@link ./as-seen.ts})
 */
export function documentAsSeen(document: Json, whole: ApiModel, seen: ApiModel): Json {
  if (whole === seen) return document
  const visible = new Set(seen.operations.map(({ id }) => id))
  const hidden = whole.operations.filter(({ id }) => !visible.has(id))
  const paths = new Set(seen.operations.map(({ path }) => path))
  const copy = structuredClone(document)
  for (const { pointer, path } of hidden) {
    remove(copy, pointer.split('/').slice(1).map(unescapePointer))
    if (!paths.has(path)) remove(copy, ['paths', path])
  }
  removeLinks(
    copy,
    new Set(hidden.flatMap(({ operationId }) => operationId ?? [])),
    new Set(hidden.map(({ pointer }) => pointer)),
  )
  removeWords(copy, gone(whole.scopes, seen.scopes), gone(whole.tags, seen.tags))
  removeComponents(copy, document)
  return copy
}

interface Named {
  readonly name: string
}

function gone(before: readonly Named[], after: readonly Named[]): ReadonlySet<string> {
  const left = new Set(after.map(({ name }) => name))
  return new Set(before.map(({ name }) => name).filter((name) => !left.has(name)))
}

function remove(root: Json, tokens: readonly string[]): void {
  let node: unknown = root
  for (const token of tokens.slice(0, -1)) node = isObject(node) && Object.hasOwn(node, token) ? node[token] : undefined
  const last = tokens.at(-1)
  if (isObject(node) && last !== undefined) delete (node as Record<string, unknown>)[last]
}

/** Of responses, to operations that aren't there any more. */
function removeLinks(root: Json, operationIds: ReadonlySet<string>, pointers: ReadonlySet<string>): void {
  const leads = ({ operationId, operationRef }: Json): boolean =>
    (typeof operationId === 'string' && operationIds.has(operationId)) ||
    (typeof operationRef === 'string' && pointers.has(refPointer(operationRef) ?? ''))
  for (const node of nodesOf(root)) {
    const { links } = node
    if (!isObject(links)) continue
    for (const [name, link] of Object.entries(links)) if (isObject(link) && leads(link)) remove(links, [name])
  }
}

function removeWords(root: Json, scopes: ReadonlySet<string>, tags: ReadonlySet<string>): void {
  const changed = root as Record<string, unknown>
  if (Array.isArray(root.tags)) changed.tags = root.tags.filter((tag) => !isObject(tag) || !tags.has(String(tag.name)))
  // Whoever inherited it is gone, or the scope would still be there.
  const inherited = Array.isArray(root.security) ? root.security.filter(isObject) : []
  if (
    inherited.some((alternative) =>
      Object.values(alternative).some((all) => strings(all).some((one) => scopes.has(one))),
    )
  )
    delete changed.security
  const schemes = isObject(root.components) ? root.components.securitySchemes : undefined
  if (!isObject(schemes)) return
  for (const { scopes: declared } of nodesOf(schemes))
    if (isObject(declared)) for (const scope of scopes) remove(declared, [scope])
}

/** Those that something led to before, and nothing does now. One that nothing ever led to stays, with what it leads to. */
function removeComponents(copy: Json, original: Json): void {
  const before = reached(original)
  const all = components(copy)
  const unused = new Map([...all].filter(([name]) => !before.has(name)))
  const after = new Set([...reached(copy), ...unused.keys(), ...reachedFrom([...unused.values()], all)])
  for (const name of all.keys()) if (!after.has(name)) remove(copy, name.split('/').slice(1).map(unescapePointer))
}

/** By pointer. Security schemes are told by name, not by reference, and stay. */
function components(root: Json): ReadonlyMap<string, unknown> {
  const sections = isObject(root.components) ? Object.entries(root.components) : []
  return new Map(
    sections.flatMap(([section, members]) =>
      section === 'securitySchemes' || !isObject(members)
        ? []
        : Object.entries(members).map(([name, member]): [string, unknown] => [
            `/components/${section}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
            member,
          ]),
    ),
  )
}

function reached(root: Json): ReadonlySet<string> {
  const { components: _, ...rest } = root
  return reachedFrom([rest], components(root))
}

function reachedFrom(start: readonly unknown[], all: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const found = new Set<string>()
  const queue = [...start]
  for (const root of queue) {
    for (const { $ref, mapping } of nodesOf(root)) {
      for (const target of [$ref, ...(isObject(mapping) ? Object.values(mapping) : [])]) {
        const name = typeof target === 'string' ? componentOf(target, all) : undefined
        if (name === undefined || found.has(name)) continue
        found.add(name)
        queue.push(all.get(name))
      }
    }
  }
  return found
}

/** `#/components/schemas/A/properties/b` → `/components/schemas/A`; a mapping may give the bare name of a schema. */
function componentOf(target: string, all: ReadonlyMap<string, unknown>): string | undefined {
  const name = target.startsWith('#/')
    ? decoded(target.slice(1)).split('/').slice(0, 4).join('/')
    : `/components/schemas/${target}`
  return all.has(name) ? name : undefined
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Every object below, and the one itself. */
function* nodesOf(root: unknown): Generator<Json> {
  const queue = [root]
  for (const node of queue) {
    if (isObject(node)) yield node
    if (typeof node === 'object' && node !== null) for (const child of Object.values(node)) queue.push(child)
  }
}
