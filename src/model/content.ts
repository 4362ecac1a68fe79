import type { Encoding, Example, Header, MediaType, Style } from './api.ts'
import { type BundledDocument, defined, isObject, type Json, type Located, text } from './document.ts'
import type { SchemaTable } from './schemas.ts'

/** What bodies, responses and parameters have in common: media types, headers, examples. */
export class ContentReader {
  readonly #document: BundledDocument
  readonly #schemas: SchemaTable
  readonly #pointers = new WeakMap<MediaType, string>()

  constructor(document: BundledDocument, schemas: SchemaTable) {
    this.#document = document
    this.#schemas = schemas
  }

  /** The media types of a body, a response, a parameter or a header. */
  content(holder: Located): MediaType[] {
    return this.#document.children(holder, 'content').map(({ key, value: { node, pointer } }) => {
      const type = key.toLowerCase().trim()
      const media = defined<MediaType>({
        type,
        schema: node.schema === undefined ? undefined : this.#schemas.read(node.schema),
        itemSchema: node.itemSchema === undefined ? undefined : this.#schemas.read(node.itemSchema),
        stream: streamOf(type, node.itemSchema !== undefined),
        examples: this.examples(node),
        encoding: encodings(node.encoding),
      })
      this.#pointers.set(media, pointer)
      return media
    })
  }

  /** Where the schema of a media type that was read here stands in the bundled document. */
  pointer(media: MediaType, keyword: 'schema' | 'itemSchema'): string {
    return `${this.#pointers.get(media)}/${keyword}`
  }

  headers(response: Located): Header[] {
    return this.#document.children(response, 'headers').map(({ key, value }) => {
      const { node } = value
      const [content] = this.content(value)
      return defined<Header>({
        name: key,
        description: text(node.description),
        required: node.required === true,
        deprecated: node.deprecated === true,
        explode: node.explode === true,
        schema: content === undefined ? this.#schemas.read(node.schema) : (content.schema ?? true),
        mediaType: content?.type,
        examples: this.examples(node),
      })
    })
  }

  examples(node: Json): Example[] {
    if (node.example !== undefined) return [{ name: 'example', value: node.example }]
    return this.#document.children({ node, pointer: '' }, 'examples').map(({ key, value: { node: example } }) =>
      defined<Example>({
        name: key,
        summary: text(example.summary),
        description: text(example.description),
        value: example.value ?? example.dataValue ?? example.serializedValue,
        externalValue: text(example.externalValue),
      }),
    )
  }
}

/** OpenAPI 3.2 section 4.14.4, sequential media types. */
function streamOf(type: string, items: boolean): MediaType['stream'] {
  if (/^text\/event-stream\b/.test(type)) return 'events'
  if (/^application\/(jsonl|x-jsonlines|x-ndjson|ndjson)\b/.test(type)) return 'lines'
  if (/^application\/([^;]+\+)?json-seq\b/.test(type)) return 'sequence'
  return items && type.startsWith('multipart/') ? 'parts' : undefined
}

function encodings(value: unknown): MediaType['encoding'] {
  if (!isObject(value)) return {}
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, encoding]) =>
      isObject(encoding)
        ? [[name, defined<Encoding>({ contentType: text(encoding.contentType), ...serialisation(encoding, 'form') })]]
        : [],
    ),
  )
}

/** How a value is written: as the document says, else by OpenAPI's defaults. */
export function serialisation(node: Json, byDefault: Style): Pick<Encoding, 'style' | 'explode' | 'allowReserved'> {
  const style = STYLES.find((known) => known === node.style) ?? byDefault
  const explode = typeof node.explode === 'boolean' ? node.explode : style === 'form' || style === 'cookie'
  return { style, explode, allowReserved: node.allowReserved === true }
}

const STYLES = [
  'matrix',
  'label',
  'simple',
  'form',
  'spaceDelimited',
  'pipeDelimited',
  'deepObject',
  'cookie',
] as const satisfies readonly Style[]
