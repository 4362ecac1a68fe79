import { valueAt } from './bundle.ts'
import {
  type Dialect,
  type FieldType,
  fieldType,
  isObjectType,
  isReference,
  keepsSiblings,
  type ObjectType,
  type Path,
  pointerOf,
  rootType,
  walk,
} from './grammar.ts'
import { fragmentPointer, joinPointer, pointerFragment, pointerTokens } from './pointer.ts'
import type { Finding } from './problem.ts'
import { nearest } from './spelling.ts'

/** A document that is wrong all over is told so by its first findings. */
const MOST = 1_000

/**
 * What doesn't agree with the specification in a bundled document, still in its own dialect, and which references lead
 * nowhere. A reference that leads somewhere by way of another is rewritten to where that is.
 * @param unresolved by the object that refers: why it couldn't be brought in
 */
export function checkStructure(
  document: Readonly<Record<string, unknown>>,
  dialect: Dialect,
  unresolved: ReadonlyMap<object, string>,
): Finding[] {
  const check = new StructureCheck(document, dialect, unresolved)
  walk({ node: document, key: '' }, rootType(dialect), (path, type) => check.object(path, type))
  return check.findings
}

class StructureCheck {
  readonly findings: Finding[] = []
  readonly #document: Readonly<Record<string, unknown>>
  readonly #dialect: Dialect
  readonly #unresolved: ReadonlyMap<object, string>
  /** Where a reference leads; undefined: nowhere. */
  readonly #targets = new Map<string, string | undefined>()

  constructor(document: Readonly<Record<string, unknown>>, dialect: Dialect, unresolved: ReadonlyMap<object, string>) {
    this.#document = document
    this.#dialect = dialect
    this.#unresolved = unresolved
  }

  /** Whether its schemas are those of JSON Schema 2020-12. */
  get #modern(): boolean {
    return this.#dialect !== '2.0' && this.#dialect !== '3.0'
  }

  /** @returns whether its members are to be looked at, too */
  object(path: Path, type: ObjectType): boolean {
    const { node } = path
    if (this.findings.length >= MOST) return false
    if (type.items !== undefined) {
      if (Array.isArray(node)) return true
      if (!isReference(node)) {
        this.#wrongType(path, describe(type), node)
        return false
      }
    } else if (typeof node !== 'object' || node === null || Array.isArray(node)) {
      const schema = type.name === 'Schema' && this.#modern && typeof node === 'boolean'
      const fine = type.name === 'SpecExtension' || schema
      if (!fine) this.#wrongType(path, describe(type), node)
      return false
    }
    if (isReference(node)) {
      this.#reference(path, node)
      if (!keepsSiblings(this.#dialect, type)) return false
    }
    this.#members(path, node as Record<string, unknown>, type)
    return true
  }

  #members(path: Path, node: Record<string, unknown>, type: ObjectType): void {
    const required = typeof type.required === 'function' ? type.required(node, path.key) : (type.required ?? [])
    for (const field of required)
      if (!Object.hasOwn(node, field)) this.#lacks(path, type, `\`${field}\``, `Add \`${field}\`.`)
    const { requiredOneOf } = type
    if (requiredOneOf?.every((field) => !Object.hasOwn(node, field)))
      this.#lacks(
        path,
        type,
        requiredOneOf
          .map((field) => `\`${field}\``)
          .join(', ')
          .replace(/, ([^,]*)$/, ' or $1'),
      )
    const allowed = type.allowed?.(node)
    for (const key of Object.keys(node)) {
      if (this.findings.length >= MOST) return
      const value = node[key]
      const field = fieldType(type, key, value)
      if (field === undefined && !this.#known(path, type, key, value)) this.#unknown(path, type, key)
      else if (allowed !== undefined && !allowed.includes(key) && Object.hasOwn(type.properties, key))
        this.#add(
          path,
          key,
          'misplaced-field',
          `\`${key}\` has no meaning in ${an(describe(type))} of this kind.`,
          'Remove it.',
        )
      else if (field !== undefined && field !== null && !isObjectType(field)) this.#value(path, key, value, field)
    }
  }

  #known(path: Path, type: ObjectType, key: string, value: unknown): boolean {
    if (key.startsWith('x-')) return true
    // JSON Schema 2020-12 lets a schema have keywords of its own; one that is nearly a known one is a slip.
    if (this.#modern && type.name === 'Schema' && key !== '$ref' && key !== 'nullable')
      return nearest(key, Object.keys(type.properties)) === undefined
    if (key !== '$ref') return false
    if (typeof value === 'string') return true
    const hint =
      value === null
        ? 'In YAML, a # behind a space starts a comment: put the reference in quotes.'
        : 'Put the reference in quotes.'
    this.#add(path, key, 'unresolved-ref', `\`$ref\` must be a string, not ${kind(value)}.`, hint, 'error')
    return true
  }

  #value(path: Path, key: string, value: unknown, field: NonNullable<FieldType>): void {
    if (isObjectType(field)) return
    const { type, enum: values, minimum } = field
    const items = 'items' in field ? field.items : undefined
    const at = { node: value, parent: path, key }
    if (values !== undefined && !values.includes(value as string)) this.#wrongValue(at, values, value)
    else if (type !== undefined && !matches(value, type)) this.#wrongType(at, NAMES[type], value)
    else if (typeof minimum === 'number' && typeof value === 'number' && value < minimum)
      this.#add(at, undefined, 'wrong-value', `\`${key}\` must be at least ${minimum}, not ${value}.`)
    if (items === undefined || !Array.isArray(value)) return
    for (const [index, item] of value.entries()) {
      const itemAt = { node: item, parent: at, key: String(index) }
      if (items.enum !== undefined && !items.enum.includes(item)) this.#wrongValue(itemAt, items.enum, item)
      else if (items.type !== undefined && !matches(item, items.type)) this.#wrongType(itemAt, NAMES[items.type], item)
    }
  }

  #reference(path: Path, node: { $ref: string }): void {
    const { $ref } = node
    if (!this.#targets.has($ref)) this.#targets.set($ref, this.#target($ref, []))
    const target = this.#targets.get($ref)
    if (target === undefined) {
      const why = this.#unresolved.get(node) ?? this.#why($ref)
      const local = $ref.startsWith('#')
      const hint = local && !this.#circular($ref) ? this.#similar($ref) : undefined
      this.#add(path, '$ref', 'unresolved-ref', `\`$ref: ${shorten($ref)}\` leads nowhere. ${why}`, hint, 'error')
    } else if (`#${pointerFragment(target)}` !== $ref && target !== fragmentPointer($ref.slice(1)))
      node.$ref = `#${pointerFragment(target)}`
  }

  /** The pointer that a reference comes to, through references on the way, but not through what stands there itself. */
  #target($ref: string, seen: readonly string[]): string | undefined {
    if (seen.includes($ref) || seen.length > 100 || !($ref === '#' || $ref.startsWith('#/'))) return undefined
    const tokens = pointerTokens(fragmentPointer($ref.slice(1)))
    let node: unknown = this.#document
    let pointer = ''
    for (const token of tokens) {
      while (isReference(node) && !Object.hasOwn(node, token)) {
        const through = this.#target(node.$ref, [...seen, $ref])
        if (through === undefined) return undefined
        pointer = through
        node = valueAt(this.#document, through)
      }
      if (typeof node !== 'object' || node === null || !Object.hasOwn(node, token)) return undefined
      node = (node as Record<string, unknown>)[token]
      pointer = joinPointer(pointer, token)
    }
    if (isReference(node) && this.#target(node.$ref, [...seen, $ref]) === undefined && this.#circular($ref))
      return undefined
    return pointer
  }

  /** Whether following it leads back to where one has been. */
  #circular($ref: string): boolean {
    const seen = new Set<string>()
    for (let current: unknown = { $ref }; isReference(current); ) {
      if (seen.has(current.$ref)) return true
      seen.add(current.$ref)
      current = current.$ref.startsWith('#')
        ? valueAt(this.#document, fragmentPointer(current.$ref.slice(1)))
        : undefined
    }
    return false
  }

  #why($ref: string): string {
    if (this.#circular($ref)) return 'It refers to itself.'
    return $ref.startsWith('#')
      ? 'The document has nothing there.'
      : 'References beyond the document are resolved in its own files only.'
  }

  #similar($ref: string): string | undefined {
    const pointer = fragmentPointer($ref.slice(1))
    const above = pointer.slice(0, pointer.lastIndexOf('/'))
    const holder = valueAt(this.#document, above)
    const name = pointerTokens(pointer).at(-1) ?? ''
    const similar = typeof holder === 'object' && holder !== null ? nearest(name, Object.keys(holder)) : undefined
    return similar === undefined ? undefined : `Did you mean \`#${pointerFragment(joinPointer(above, similar))}\`?`
  }

  #lacks(path: Path, type: ObjectType, what: string, hint?: string): void {
    this.#add(path, undefined, 'missing-field', `The ${describe(type)} lacks ${what}.`, hint)
  }

  #unknown(path: Path, type: ObjectType, key: string): void {
    const similar = nearest(key, Object.keys(type.properties))
    if (key === 'nullable' && this.#modern) {
      const hint = 'Write `type: [string, "null"]`, with the type that it has.'
      this.#add(path, key, 'unknown-field', '`nullable` is of OpenAPI 3.0, and means nothing since 3.1.', hint)
      return
    }
    const hint = similar === undefined ? 'Remove it, or let its name start with `x-`.' : `Did you mean \`${similar}\`?`
    this.#add(path, key, 'unknown-field', `\`${shorten(key)}\` is no field of ${an(describe(type))}.`, hint)
  }

  #wrongType(path: Path, wanted: string, value: unknown): void {
    this.#add(path, undefined, 'wrong-type', `\`${shorten(path.key)}\` must be ${an(wanted)}, not ${kind(value)}.`)
  }

  #wrongValue(path: Path, values: readonly string[], value: unknown): void {
    if (path.key === 'type' && Array.isArray(value)) {
      const hint =
        this.#dialect === '3.0' ? 'For null, write `nullable: true`.' : 'Null can’t be said, but by extensions.'
      const message = `\`type\` is a list, which it can be since OpenAPI 3.1; before, it is one of ${values.join(', ')}.`
      this.#add(path, undefined, 'wrong-value', message, hint)
      return
    }
    const similar = typeof value === 'string' ? nearest(value, values) : undefined
    const hint = similar === undefined ? undefined : `Did you mean \`${similar}\`?`
    const field = Number.isInteger(Number(path.key)) ? path.parent?.key : path.key
    const message = `\`${field}\` is ${shorten(JSON.stringify(value) ?? 'nothing')}; it takes ${values.join(', ')}.`
    this.#add(path, undefined, 'wrong-value', message, hint)
  }

  #add(
    path: Path,
    key: string | undefined,
    code: string,
    message: string,
    hint?: string,
    severity: Finding['severity'] = 'warning',
  ): void {
    const pointer = key === undefined ? pointerOf(path) : joinPointer(pointerOf(path), key)
    this.findings.push({ severity, code, message, pointer, ...(hint !== undefined && { hint }) })
  }
}

const NAMES = {
  string: 'string',
  boolean: 'boolean',
  number: 'number',
  integer: 'whole number',
  object: 'object',
  array: 'list',
} as const

function matches(value: unknown, type: keyof typeof NAMES): boolean {
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  return type === 'integer' ? Number.isInteger(value) : typeof value === type
}

/** `ParameterList` → `list of Parameter Objects`, as the specification names them. */
function describe({ name, items, additionalProperties, properties }: ObjectType): string {
  if (isObjectType(items as FieldType)) return `list of ${(items as ObjectType).name} Objects`
  if (name === 'Root') return 'document'
  const map =
    /^(Named|.*Map$)/.test(name) ||
    (Object.keys(properties).length === 0 &&
      additionalProperties !== undefined &&
      name !== 'Paths' &&
      name !== 'Callback')
  return map ? `map (${name.replace(/^Named|Map$/g, '')})` : `${name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ')} Object`
}

function an(words: string): string {
  return `${/^[aeiou]/i.test(words) ? 'an' : 'a'} ${words}`
}

function kind(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  return `the ${typeof value} ${shorten(JSON.stringify(value))}`
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text
}
