import type { Operation } from '../model/api.ts'
import { type BundledDocument, isObject, refPointer, strings } from '../model/document.ts'
import { requiredScopes } from '../model/fields.ts'
import { escapePointer, type Schema, type SchemaObject } from '../model/schema.ts'
import { isSchema, subschemas } from '../model/schema-walk.ts'
import { SECRET, type Sensitivity, sensitivityOf } from './sensitive.ts'

/** A field of a response that its name says is sensitive. */
export interface SensitiveField {
  /** JSON Pointer into the bundled document. */
  readonly pointer: string
  readonly name: string
  /** Name of the schema, or the words of the operation, that holds it. */
  readonly owner: string
  readonly sensitivity: Sensitivity
  /** Why it can't be held back all the same. */
  readonly obstacle?: string
}

interface Field {
  readonly name: string
  readonly schema: Schema
  readonly owner: string
  readonly siblings: readonly string[]
  readonly required: boolean
}

const SAFE = new Set(['GET', 'HEAD', 'QUERY'])

/**
 * The sensitive fields that responses carry, each once, in the document's order. A secret counts where it can be read again
 * and again: one that is shown once, when it is made, is what the call is for.
 */
export function sensitiveFields(document: BundledDocument, operations: readonly Operation[]): SensitiveField[] {
  const answered = new Walk(document, 'response')
  const readable = new Walk(document, 'response')
  const sent = new Walk(document, 'request')
  for (const operation of operations) {
    const located = document.locate(document.at(operation.pointer), operation.pointer)
    if (located === undefined) continue
    const called = operation.operationId ?? `${operation.method} ${operation.path}`
    for (const { key, value } of document.children(located, 'responses')) {
      if (!key.startsWith('2') && key !== 'default') continue
      answered.content(value, called)
      if (SAFE.has(operation.method)) readable.content(value, called)
    }
    const body = document.locate(located.node.requestBody, `${operation.pointer}/requestBody`)
    if (body !== undefined) sent.content(body, called)
  }
  return [...answered.fields].flatMap(([pointer, field]) => {
    const sensitivity = sensitivityOf(field.name, field)
    if (sensitivity === undefined || !holdsData(document, field.schema, sensitivity.scope)) return []
    if (sensitivity.scope === SECRET.scope && !readable.fields.has(pointer)) return []
    const found = { pointer, name: field.name, owner: field.owner, sensitivity }
    const required = sent.fields.get(pointer)?.required === true
    return [required ? { ...found, obstacle: 'requests have to send it' } : found]
  })
}

/** Everything that can be reached from bodies in one direction. */
class Walk {
  readonly fields = new Map<string, Field>()
  readonly #document: BundledDocument
  readonly #absent: 'readOnly' | 'writeOnly'
  readonly #seen = new Set<string>()

  constructor(document: BundledDocument, direction: 'request' | 'response') {
    this.#document = document
    this.#absent = direction === 'request' ? 'readOnly' : 'writeOnly'
  }

  content(
    holder: { readonly node: Readonly<Record<string, unknown>>; readonly pointer: string },
    called: string,
  ): void {
    if (!isObject(holder.node.content)) return
    for (const [type, media] of Object.entries(holder.node.content)) {
      if (!isObject(media)) continue
      for (const keyword of ['schema', 'itemSchema'])
        this.#visit(media[keyword], `${holder.pointer}/content/${escapePointer(type)}/${keyword}`, called)
    }
  }

  /** Breadth first and without recursion: documents nest as deep as they like. */
  #visit(start: unknown, startPointer: string, startOwner: string): void {
    const queue = [{ schema: start, pointer: startPointer, owner: startOwner }]
    for (const { schema, pointer, owner } of queue) {
      if (this.#seen.has(pointer) || !isSchema(schema) || typeof schema === 'boolean') continue
      this.#seen.add(pointer)
      const target = typeof schema.$ref === 'string' ? refPointer(schema.$ref) : undefined
      if (target !== undefined)
        queue.push({ schema: this.#document.at(target), pointer: target, owner: componentName(target) ?? owner })
      for (const child of subschemas(schema)) {
        const at = pointer + child.pointer
        if (child.keyword !== 'properties') queue.push({ schema: child.schema, pointer: at, owner })
        else if (this.#field(schema, child.key ?? '', child.schema, at, owner))
          queue.push({ schema: child.schema, pointer: at, owner: child.key ?? owner })
      }
    }
  }

  /** Whether what is below it counts, too: not below a field that never travels this way, or that has its scopes already. */
  #field(parent: SchemaObject, name: string, schema: Schema, pointer: string, owner: string): boolean {
    if (typeof schema === 'object' && (schema[this.#absent] === true || requiredScopes(schema).length > 0)) return false
    const siblings = Object.keys(parent.properties ?? {})
    this.fields.set(pointer, { name, schema, owner, siblings, required: strings(parent.required).includes(name) })
    return true
  }
}

/** A flag or a choice of words speaks about the thing: `salary: boolean`. A secret is text. */
function holdsData(document: BundledDocument, schema: Schema, scope: string): boolean {
  if (typeof schema === 'boolean') return true
  const { type, enum: choices, items } = document.locate(schema, '')?.node ?? {}
  const types = typeof type === 'string' ? [type] : strings(type)
  if (types.includes('array') && isSchema(items)) return holdsData(document, items, scope)
  if (types.includes('boolean') || choices !== undefined) return false
  return scope !== SECRET.scope || types.length === 0 || types.includes('string')
}

function componentName(pointer: string): string | undefined {
  return /^\/components\/schemas\/([^/]+)$/.exec(pointer)?.[1]
}
