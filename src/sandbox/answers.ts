import { gateTable } from '../access/gates.ts'
import { redact } from '../access/redact.ts'
import type { ApiModel, Example, MediaType, Operation } from '../model/api.ts'
import { resolve, type Schema } from '../model/schema.ts'
import { isSchema } from '../model/schema-walk.ts'
import { isItem } from './completion.ts'
import { formatEvents, parseEvents } from './event-stream.ts'
import { essence, isJsonLines } from './media-type.ts'
import type { Sampler } from './sample.ts'
import type { Finding } from './seeds.ts'
import { shapeOf } from './shape.ts'
import type { Mismatch, Validator } from './validator.ts'

/** Bodies for operations that no resource stands behind: from examples, else from schemas. */
export class Answers {
  readonly #model: ApiModel
  readonly #validator: Validator
  readonly #sampler: Sampler
  readonly #report: (finding: Finding) => void
  readonly #json = new WeakMap<MediaType, { readonly value: unknown }>()

  constructor(model: ApiModel, validator: Validator, sampler: Sampler, report: (finding: Finding) => void) {
    this.#model = model
    this.#validator = validator
    this.#sampler = sampler
    this.#report = report
  }

  /** The first example that fits its schema, else a sample; undefined where nothing fits. */
  json(media: MediaType, operation: Operation): unknown {
    const known = this.#json.get(media)
    if (known !== undefined) return known.value
    const value = this.#example(media, operation) ?? this.#sampler.sample(media.schema ?? true)
    this.#json.set(media, { value })
    return value
  }

  /**
   * A body that isn't JSON; undefined where what must be withheld from it couldn't be taken out.
   *
   * @param items what it lists, where that is known
   */
  other(
    media: MediaType,
    operation: Operation,
    scopes: ReadonlySet<string>,
    items?: unknown,
  ): string | Uint8Array<ArrayBuffer> | undefined {
    const type = essence(media.type)
    if (type === 'text/event-stream') return this.#events(media, operation, scopes)
    if (isJsonLines(type)) return this.#lines(media, scopes, items)
    if (this.#gated(media.schema, scopes)) return undefined
    const example = media.examples.find(({ value }) => typeof value === 'string')?.value
    if (typeof example === 'string') return example
    const picture = FILES[type]
    if (picture !== undefined) return Uint8Array.from(atob(picture), (character) => character.charCodeAt(0))
    if (!type.startsWith('text/')) return new TextEncoder().encode('sandbox\n')
    const sample = media.schema === undefined ? undefined : this.#sampler.sample(media.schema)
    return typeof sample === 'string' ? sample : `${operation.summary ?? operation.id}\n`
  }

  /** What is wrong with an example, which its owner is told of: a wrong one is never served. */
  judge({ name, value }: Example, media: MediaType, operation: Operation): readonly Mismatch[] {
    const mismatches = this.#validator.check(value, media.schema ?? true)
    for (const { pointer, detail } of mismatches.slice(0, 1))
      this.#report({ where: `example ${name} of ${operation.id}`, detail: `${pointer} ${detail}`.trim() })
    return mismatches
  }

  #example(media: MediaType, operation: Operation): unknown {
    return media.examples.find(
      (example) => example.value !== undefined && this.judge(example, media, operation).length === 0,
    )?.value
  }

  /** One JSON value a line, each without what is withheld of it; with a record separator in front for `json-seq`. */
  #lines(media: MediaType, scopes: ReadonlySet<string>, given: unknown): string {
    const { items } = shapeOf(media.schema, this.#model.schemas)
    const schema = media.itemSchema ?? items ?? media.schema
    const listed = media.examples.find(({ value }) => Array.isArray(value))?.value
    const held = isItem(given) ? Object.values(given).find(Array.isArray) : given
    const values: unknown = Array.isArray(held) ? held : (listed ?? this.#sampled(schema))
    const separator = essence(media.type).endsWith('json-seq') ? '\u001e' : ''
    const lines = (Array.isArray(values) ? values : []).flatMap((value) => {
      const { body, denied } = redact(value, schema, this.#model.schemas, scopes)
      return denied ? [] : [`${separator}${JSON.stringify(body)}\n`]
    })
    return lines.join('')
  }

  #events(media: MediaType, operation: Operation, scopes: ReadonlySet<string>): string {
    const schema = media.itemSchema ?? media.schema
    const data = this.#dataSchema(schema)
    const written = media.examples.find(({ value }) => typeof value === 'string')?.value
    const gated = this.#gated(schema, scopes) || this.#gated(data, scopes)
    if (typeof written === 'string' && !gated) return `${written.trimEnd()}\n\n`
    const listed = media.examples.find(({ value }) => Array.isArray(value))?.value
    const events: unknown[] =
      typeof written === 'string' ? parseEvents(written) : Array.isArray(listed) ? listed : this.#sampled(schema)
    const visible = events.flatMap((event) => this.#visible(event, [schema, data], scopes))
    return events.length === 0 ? `event: message\ndata: ${JSON.stringify(operation.id)}\n\n` : formatEvents(visible)
  }

  /** An event, or its data: documents describe either, so both are redacted by whatever is said. */
  #visible(event: unknown, described: readonly (Schema | undefined)[], scopes: ReadonlySet<string>): unknown[] {
    let value = event
    for (const schema of described) {
      const { body, denied } = redact(value, schema, this.#model.schemas, scopes)
      if (denied) return []
      value = body
      if (!isItem(value) || !Object.hasOwn(value, 'data')) continue
      const data = redact(value.data, schema, this.#model.schemas, scopes)
      if (data.denied) return []
      value = { ...value, data: data.body }
    }
    return [value]
  }

  /** What the data of an event is, once it is read as JSON. */
  #dataSchema(schema: Schema | undefined): Schema | undefined {
    const data = resolve(shapeOf(schema, this.#model.schemas).properties.get('data'), this.#model.schemas)
    return typeof data === 'object' && isSchema(data.contentSchema) ? data.contentSchema : undefined
  }

  #sampled(schema: Schema | undefined): unknown[] {
    const sample = schema === undefined ? undefined : this.#sampler.sample(schema)
    return isItem(sample) ? [sample, sample, sample] : []
  }

  #gated(schema: Schema | undefined, scopes: ReadonlySet<string>): boolean {
    if (schema === undefined) return false
    return [...gateTable(this.#model.schemas).all(schema)].some((scope) => !scopes.has(scope))
  }
}

/** One pixel each, or one empty page. */
const FILES: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  'image/png': 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'image/jpeg':
    '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=',
  'image/gif': 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
  'image/svg+xml': btoa('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'),
  'application/pdf': btoa(
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
      '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
  ),
})
