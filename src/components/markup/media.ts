import type { BodyView } from '../../docs/content.ts'
import type { ApiLinks } from '../../docs/links.ts'
import type { SchemaNode } from '../../docs/schema-tree.ts'
import { operation as say } from '../../wording/wording.ts'
import { type Html, html, sanitised } from './html.ts'
import { json } from './json.ts'
import { gateOf, schemaNode } from './schema.ts'
import { words } from './words.ts'

type Links = Pick<ApiLinks, 'schema'>

interface Options {
  /** There are several: each says which it is. */
  readonly named: boolean
  readonly label: string
}

/** A body: its schema, then its examples. */
export function media(
  { types, stream, schema, gated, examples }: BodyView,
  links: Links,
  { named, label }: Options,
): Html {
  return html`
    <div class="media">
      ${named && html`<h3><code>${types.join(', ')}</code></h3>`}
      ${stream && html`<p class="muted small">${say.stream}</p>`}
      ${gated !== undefined && html`<p>${gateOf(gated)}</p>`}
      ${schema !== undefined && schemaOf(schema, links, label)}
      ${examples.map((example) => exampleOf(example, types.length > example.types.length))}
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

function exampleOf(
  { title, description, lines, elsewhere, types }: BodyView['examples'][number],
  ofSome: boolean,
): Html {
  const name = title === undefined ? say.anExample : say.example(title)
  return html`
    <details class="example">
      <summary>${name}${ofSome && html` <code class="muted">${types.join(', ')}</code>`}</summary>
      <div class="prose small">${sanitised(description)}</div>
      ${
        elsewhere === undefined
          ? json(lines, name)
          : html`<p class="small">${say.elsewhere} <a href="${elsewhere.href}" rel="noopener noreferrer nofollow">${elsewhere.text}</a></p>`
      }
    </details>`
}
