import type { ApiLinks } from '../../docs/links.ts'
import type { ExampleView, MediaView } from '../../docs/operation-page.ts'
import type { SchemaNode } from '../../docs/schema-tree.ts'
import { operation as say } from '../../wording/wording.ts'
import { type Html, html, sanitised } from './html.ts'
import { json } from './json.ts'
import { schemaNode } from './schema.ts'
import { words } from './words.ts'

type Links = Pick<ApiLinks, 'schema'>

interface Options {
  /** There are several: each says which it is. */
  readonly named: boolean
  readonly label: string
}

/** A body in one media type: its schema, then its examples. */
export function media({ type, stream, schema, examples }: MediaView, links: Links, { named, label }: Options): Html {
  return html`
    <div class="media">
      ${named && html`<h3><code>${type}</code></h3>`}
      ${stream && html`<p class="muted small">${say.stream}</p>`}
      ${schema !== undefined && schemaOf(schema, links, label)}
      ${examples.map(exampleOf)}
    </div>`
}

function schemaOf(schema: SchemaNode, links: Links, label: string): Html {
  const { ref, type, facts, rows, choices, description } = schema
  const plain = rows.length === 0 && choices.length === 0
  return html`
    <p class="type">
      ${ref === undefined ? type : html`<a href="${links.schema(ref)}">${type}</a>`}
      ${facts.map((fact) => html` · ${words(fact)}`)}
    </p>
    ${plain && html`<div class="prose">${sanitised(description)}</div>`}
    ${schemaNode(schema, links, label)}`
}

function exampleOf({ title, description, lines }: ExampleView): Html {
  const name = say.example(title)
  return html`
    <details class="example">
      <summary>${name}</summary>
      <div class="prose small">${sanitised(description)}</div>
      ${json(lines, name)}
    </details>`
}
