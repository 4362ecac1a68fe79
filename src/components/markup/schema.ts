import type { ApiLinks } from '../../docs/links.ts'
import type { Choice, FieldRow, Gated, SchemaNode } from '../../docs/schema-tree.ts'
import type { Inline } from '../../wording/inline.ts'
import { schema as say } from '../../wording/wording.ts'
import { enumValues } from './enum-values.ts'
import { gateGlyph } from './gate-glyph.ts'
import { type Html, html, joined, sanitised } from './html.ts'
import { words } from './words.ts'

type Links = Pick<ApiLinks, 'schema'>

/** A ledger of fields or parameters: rail, name and type, text, and the scope in the right margin. */
export function fields(rows: readonly FieldRow[], links: Links, label: string): Html {
  return html`
    <div class="ledger">
      <ul role="list" aria-label="${label}">${rows.map((row) => field(row, links))}</ul>
    </div>`
}

/** What stands below a field or a body: its fields, and what it may be one of. */
export function schemaNode(node: SchemaNode, links: Links, label: string): Html {
  return html`
    ${node.rows.length > 0 && fields(node.rows, links, label)}
    ${node.choices.map((choice) => choiceOf(choice, links))}
    ${node.more !== undefined && more(node, node.more, links)}`
}

function field({ name, anchor, kind, flags, scopes, withheld, node }: FieldRow, links: Links): Html {
  const below = node.rows.length > 0 || node.choices.length > 0
  const gated = scopes.length > 0
  const hidden = withheld !== undefined
  return html`
    <li id="${anchor}" class="row${hidden && ' hidden'}${withheld?.gate === 'shut' && ' shut'}">
      ${gated && html`<span class="rail">${gateGlyph(withheld?.gate ?? 'open')}</span>`}
      <span class="head">
        <a class="anchor" href="#${encodeURIComponent(anchor)}"><code class="name">${fieldName(name, kind, hidden)}</code></a>
        <span class="type">${typeName(node, links)}${flags.length > 0 && `, ${flags.join(', ')}`}</span>
      </span>
      ${fieldText(node, links, below, name, hidden && say.becauseOf(withheld.how, withheld.why))}
      ${gated && html`<span class="scope${hidden && ' lacking'}">${scopes.join(' ')}</span>`}
      ${
        below &&
        html`
        <details class="below">
          <summary>${toShow(node)}<span class="unseen">${say.ofName(name)}</span></summary>
          ${schemaNode(node, links, say.fieldsOfName(name))}
        </details>`
      }
    </li>`
}

function fieldName(name: string, kind: FieldRow['kind'], hidden: boolean): Html | string {
  if (kind === 'entry') return html`<i>${name === '*' ? say.anyName : name}</i>`
  if (kind === 'item') return html`<i>${say.item(name)}</i>`
  return hidden ? html`<s>${name}</s>` : name
}

function typeName({ ref, type }: SchemaNode, links: Links): Html | string {
  return ref === undefined ? type : html`<a href="${links.schema(ref)}">${type}</a>`
}

/** @param lacking what is said where the field is withheld */
function fieldText(
  node: SchemaNode,
  links: Links,
  below: boolean,
  name: string,
  lacking: readonly Inline[] | false,
): Html | false {
  const text = ownText(node)
  const more = !below && node.more !== undefined
  if (text === undefined && !more && lacking === false) return false
  return html`
    <div class="text">
      ${text}
      ${lacking !== false && html`<p>${words(lacking)}</p>`}
      ${more && schemaNode(node, links, name)}
    </div>`
}

/** As they were written: what has nothing below it is the same node on many pages. */
const texts = new WeakMap<SchemaNode, Html>()

/** Description and constraints. */
function ownText(node: SchemaNode): Html | undefined {
  const { description, facts, values } = node
  if (description === '' && facts.length === 0 && values.length === 0) return undefined
  const known = texts.get(node)
  if (known !== undefined) return known
  const stated = [...facts.map(words), ...(values.length > 0 ? [enumValues(values)] : [])]
  const text = html`
    ${sanitised(description)}
    ${stated.length > 0 && html`<div class="facts-line">${joined(stated, ' · ')}</div>`}`
  texts.set(node, text)
  return text
}

function choiceOf({ kind, options }: Choice, links: Links): Html {
  return html`
    <div class="choice-of">
      <p class="muted small">${say.choices[kind]}</p>
      ${options.map((option) => choiceOption(option, links))}
    </div>`
}

function choiceOption({ title, when, gated, node }: Choice['options'][number], links: Links): Html {
  const discriminated =
    when !== undefined && html`<span class="muted small"> ${words(say.when(when.property, when.values))}</span>`
  const gate = gated !== undefined && html` ${gateOf(gated)}`
  if (node.rows.length > 0 || node.choices.length > 0)
    return html`
      <details>
        <summary><code>${title}</code>${discriminated}${gate}<span class="muted small"> · ${toShow(node)}</span></summary>
        ${ownText(node)}
        ${schemaNode(node, links, title)}
      </details>`
  const named = html`<code>${title}</code>`
  return html`
    <div class="option">
      ${node.ref === undefined ? named : html`<a href="${links.schema(node.ref)}">${named}</a>`}
      ${title !== node.type && html`<code class="muted"> ${node.type}</code>`}
      ${discriminated}${gate}
      ${ownText(node)}
    </div>`
}

/** Of a whole body, or of what a value may be: which scopes it takes, and what becomes of it without them. */
export function gateOf({ scopes, withheld }: Gated): Html {
  const text = withheld === undefined ? say.needs(scopes) : say.because(withheld.how, withheld.why)
  return html`<span class="gated small">${gateGlyph(withheld?.gate ?? 'open')} ${words(text)}</span>`
}

function toShow({ rows, choices }: SchemaNode): string {
  return rows.length > 0 ? say.itsFields(rows.length) : say.itsChoices(choices.flatMap(({ options }) => options).length)
}

function more({ ref }: SchemaNode, why: NonNullable<SchemaNode['more']>, links: Links): Html {
  if (ref === undefined) return html`<p class="small muted">${say.tooDeep}</p>`
  return html`
    <p class="small">
      <a href="${links.schema(ref)}">${words(say.fieldsOf(ref))}</a>
      ${why === 'recursion' && html`<span class="muted"> (${say.recursion})</span>`}
    </p>`
}
