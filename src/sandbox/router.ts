import type { Operation } from '../model/api.ts'

export type Route =
  | { readonly found: true; readonly operation: Operation; readonly parameters: Readonly<Record<string, string>> }
  /** `allow`: methods of the path; empty where there is no such path. */
  | { readonly found: false; readonly allow: readonly string[] }

interface Node {
  readonly literals: Map<string, Node>
  /** Segments such as `{id}.json`: text and parameters in turn, beginning and ending with text. */
  readonly mixed: { readonly texts: readonly string[]; readonly node: Node }[]
  parameter?: Node
  readonly operations: Map<string, { readonly operation: Operation; readonly names: readonly string[] }>
}

/** Finds operations by path, segment by segment: what it costs doesn't grow with the number of operations. */
export class Router {
  readonly #root = node()

  constructor(operations: readonly Operation[]) {
    for (const operation of operations) this.#add(operation)
  }

  /** @param path as sent, below the API's base: `/employees/emp%5F1` */
  find(method: string, path: string): Route {
    const segments = path.split('/').slice(1).map(decode)
    const known = segments.filter((segment) => segment !== undefined)
    if (known.length < segments.length) return { found: false, allow: [] }
    const allow = new Set<string>()
    for (const { node, values } of match(this.#root, known, 0)) {
      const entry = node.operations.get(method)
      if (entry !== undefined) {
        // A parameter named __proto__ stays an own member.
        const parameters = Object.fromEntries(entry.names.map((name, index) => [name, values[index] ?? '']))
        return { found: true, operation: entry.operation, parameters }
      }
      for (const other of node.operations.keys()) allow.add(other)
    }
    return { found: false, allow: [...allow] }
  }

  #add(operation: Operation): void {
    let current = this.#root
    const names: string[] = []
    for (const segment of operation.path.split('/').slice(1)) {
      const parts = segment.split(/\{([^{}]*)\}/)
      names.push(...parts.filter((_, index) => index % 2 === 1))
      current = step(
        current,
        parts.filter((_, index) => index % 2 === 0),
      )
    }
    if (!current.operations.has(operation.method)) current.operations.set(operation.method, { operation, names })
  }
}

/** HEAD is GET without the body, where the document doesn't describe it. */
export function findOperation(router: Router, method: string, path: string): Route {
  const route = router.find(method, path)
  return method === 'HEAD' && !route.found && route.allow.includes('GET') ? router.find('GET', path) : route
}

function step(from: Node, texts: readonly string[]): Node {
  const [text = ''] = texts
  if (texts.length === 1) {
    const next = from.literals.get(text) ?? node()
    from.literals.set(text, next)
    return next
  }
  if (texts.length === 2 && texts.every((part) => part === '')) {
    from.parameter ??= node()
    return from.parameter
  }
  const known = from.mixed.find((other) => other.texts.join('{}') === texts.join('{}'))
  if (known !== undefined) return known.node
  const next = node()
  from.mixed.push({ texts, node: next })
  return next
}

/** Literal segments before mixed ones before parameters (OpenAPI 3.1 section 4.8.8.2). */
function* match(
  from: Node,
  segments: readonly string[],
  index: number,
): Generator<{ readonly node: Node; readonly values: readonly string[] }> {
  const segment = segments[index]
  if (segment === undefined) {
    if (from.operations.size > 0) yield { node: from, values: [] }
    return
  }
  const literal = from.literals.get(segment)
  if (literal !== undefined) yield* match(literal, segments, index + 1)
  for (const { texts, node } of from.mixed) {
    const own = parts(segment, texts)
    if (own !== undefined)
      for (const rest of match(node, segments, index + 1)) yield { ...rest, values: [...own, ...rest.values] }
  }
  if (from.parameter !== undefined && segment !== '')
    for (const rest of match(from.parameter, segments, index + 1)) yield { ...rest, values: [segment, ...rest.values] }
}

/** The parameters of a mixed segment; each takes as little as it can. No regular expression, so no backtracking. */
function parts(segment: string, texts: readonly string[]): string[] | undefined {
  const [first = '', ...rest] = texts
  if (!segment.startsWith(first)) return undefined
  const values: string[] = []
  let position = first.length
  for (const [index, text] of rest.entries()) {
    const last = index === rest.length - 1
    const end = last ? segment.length - text.length : segment.indexOf(text, position + 1)
    if (end <= position || (last && !segment.endsWith(text))) return undefined
    values.push(segment.slice(position, end))
    position = end + text.length
  }
  return values
}

function decode(segment: string): string | undefined {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}

function node(): Node {
  return { literals: new Map(), mixed: [], operations: new Map() }
}
