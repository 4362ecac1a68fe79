import type { ApiModel, Example, MediaType } from '../model/api.ts'
import { isJson } from '../model/media-type.ts'
import { mediaExamples } from './example.ts'
import { type ExternalLink, externalLink } from './external-link.ts'
import { type JsonLine, jsonLines } from './json-lines.ts'
import type { Viewer } from './lens.ts'
import { isForm } from './media-type.ts'
import { flatten } from './schema-flat.ts'
import { described, type Gated, gatedSchema, type SchemaNode, schemaTree, type TreeOptions } from './schema-tree.ts'
import { encoded } from './serialisation.ts'
import { redacted } from './withheld.ts'

/** A body, in one media type or in several that have the same schema. */
export interface BodyView {
  readonly types: readonly string[]
  /** Undefined: the document doesn't describe the content. */
  readonly schema?: SchemaNode
  /** Where all of it takes scopes. */
  readonly gated?: Gated
  readonly stream: boolean
  readonly examples: readonly BodyExample[]
}

export interface ExampleView {
  readonly title?: string
  readonly description: string
  /** What `description` was made of: Markdown, hostile. */
  readonly source?: string
  readonly generated: boolean
  readonly lines: readonly JsonLine[]
  /** Where it is kept, if it isn't here. */
  readonly elsewhere?: ExternalLink
}

/** In some of a body's media types, or in all. */
interface BodyExample extends ExampleView {
  readonly types: readonly string[]
}

type Options = TreeOptions & { readonly model: ApiModel }

/** OpenAPI's `content`: what is the same in several media types is said once, as JSON and XML often are. */
export function contentView(content: readonly MediaType[], options: Options): BodyView[] {
  const bodies = Map.groupBy(content, (media) => JSON.stringify([isStream(media), media.itemSchema, media.schema]))
  return [...bodies.values()].map((alike, index) => bodyView(alike, { ...options, anchor: bodyAnchor(options, index) }))
}

/** The second of several bodies has ids of its own. */
function bodyAnchor({ anchor }: Options, index: number): string {
  return index === 0 ? anchor : `${anchor}-${index + 1}`
}

function bodyView(alike: readonly MediaType[], options: Options): BodyView {
  const [media] = alike
  const schema = media?.itemSchema ?? media?.schema
  const gated = schema === undefined ? undefined : gatedSchema(schema, options)
  return {
    types: alike.map(({ type }) => type),
    ...(media !== undefined &&
      schema !== undefined && { schema: withEncoding(schemaTree(schema, options), media, options.model) }),
    ...(gated !== undefined && { gated }),
    stream: media !== undefined && isStream(media),
    examples: bodyExamples(alike, options),
  }
}

/** How each part of a form is sent. */
function withEncoding(node: SchemaNode, { encoding, schema = true }: MediaType, model: ApiModel): SchemaNode {
  if (Object.keys(encoding).length === 0) return node
  const { properties } = flatten(schema, model.schemas)
  const rows = node.rows.map((row) => {
    const own = Object.hasOwn(encoding, row.name) ? encoding[row.name] : undefined
    if (own === undefined) return row
    const facts = encoded(own, row.name, { allOf: properties.get(row.name) ?? [] }, model)
    return { ...row, node: { ...row.node, facts: [...facts, ...row.node.facts] } }
  })
  return { ...node, rows }
}

function isStream({ itemSchema, type }: MediaType): boolean {
  return itemSchema !== undefined || type.startsWith('text/event-stream')
}

/** One that is made up is the same in each kind of JSON. */
function bodyExamples(alike: readonly MediaType[], options: Options): BodyExample[] {
  const found = alike.flatMap((media) => exampleViews(media, options).map((view) => ({ view, type: media.type })))
  const same = Map.groupBy(found, ({ view }) => JSON.stringify(view))
  return [...same.values()].flatMap(([first, ...more]) =>
    first === undefined ? [] : [{ ...first.view, types: [first, ...more].map(({ type }) => type) }],
  )
}

export function exampleViews(media: MediaType, { model, viewer, direction = 'response' }: Options): ExampleView[] {
  const structured = isJson(media.type) || isForm(media.type)
  if (!structured && media.examples.length === 0) return []
  const elsewhere = media.examples.flatMap(elsewhereView)
  if (elsewhere.length > 0 && media.examples.every(({ value }) => value === undefined)) return elsewhere
  const here = mediaExamples(media, model, direction).map(({ title, description, value, generated }) => ({
    ...(title !== undefined && { title }),
    ...described(description),
    generated,
    lines:
      typeof value === 'string' && !isJson(media.type)
        ? textLines(value)
        : jsonLines(value, hidden(value, media, model, viewer)),
  }))
  return [...here, ...elsewhere]
}

function elsewhereView({ name, summary, description, value, externalValue: url }: Example): ExampleView[] {
  const link = value === undefined && url !== undefined ? externalLink({ url, description: url }) : undefined
  if (link === undefined) return []
  return [{ title: summary ?? name, ...described(description), generated: false, lines: [], elsewhere: link }]
}

/** Where in an example this viewer sees nothing: it is what one token gets. */
function hidden(value: unknown, media: MediaType, model: ApiModel, viewer: Viewer): string[] {
  return redacted(value, media.schema, model.schemas, viewer).withheld.map(({ path }) => path)
}

function textLines(value: string): JsonLine[] {
  return value
    .split('\n')
    .slice(0, 100)
    .map((text) => ({ depth: 0, text }))
}
