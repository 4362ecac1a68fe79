import type { Server } from '../model/api.ts'
import { isJson } from '../model/media-type.ts'
import * as say from '../wording/wording.ts'
import type { BodyView } from './content.ts'
import type { ApiLinks } from './links.ts'
import { isForm } from './media-type.ts'
import type { CallView, LinkView } from './operation-page.ts'
import { fence, line, list, paragraph, plainAddress, text, tick, words } from './plain-text.ts'
import type { FieldRow, Gated, SchemaNode } from './schema-tree.ts'

/** How much of a schema that has a name is said where it is used: its fields, or in brief, where it has a section of its own, the name. */
export type Named = 'whole' | 'brief'

/** What a call brings, and what comes back. @param heading the marks of its headings */
export function exchange(
  { parameters, body, responses }: CallView,
  links: ApiLinks,
  named: Named,
  heading: '##' | '####',
): (string | undefined)[] {
  return [
    ...parameters.flatMap(({ title, rows }) => [`${heading} ${title}`, fields(rows, named).join('\n')]),
    ...(body === undefined
      ? []
      : [
          `${heading} ${say.operation.body} (${say.operation.needed(body.required)})`,
          body.source,
          ...body.content.flatMap((content) => media(content, named)),
        ]),
    ...(responses.length === 0 ? [] : [`${heading} ${say.operation.responses}`]),
    ...responses.flatMap((response, index) => [
      `${heading}# ${response.status}`,
      response.source,
      ...(response.headers.length === 0
        ? []
        : [`${say.operation.headers}:`, fields(response.headers, named).join('\n')]),
      ...response.content.flatMap((view) => media(view, named, index === 0)),
      ...(response.links.length === 0
        ? []
        : [`${say.operation.links}:`, list(response.links.map((link) => linkLine(link, links)))]),
    ]),
  ]
}

function linkLine({ name, source = '', operation, with: given }: LinkView, links: ApiLinks): string {
  const { id, method, path } = operation
  const target = `[${tick(`${method} ${path}`)}](${plainAddress(links.operation(id))})`
  return [`${tick(name)}: ${target}`, words(given), line(source)].filter((part) => part !== '').join(' ')
}

export function serverLine({ name, url, description, variables }: Server): string {
  const about = [name, description].filter((part) => part !== undefined).map(line)
  const open = Object.entries(variables).map(
    ([variable, { default: value, enum: values = [], description: meaning }]) =>
      words(
        say.api.variable(
          variable,
          value,
          values.filter((other) => other !== value),
          meaning,
        ),
      ),
  )
  const said = [...about, ...open].join('. ')
  return `${tick(url)}${said === '' ? '' : `: ${said}`}`
}

function media(
  { types, schema, gated, examples, stream }: BodyView,
  named: Named,
  exemplary = true,
): (string | undefined)[] {
  const type = [
    `${stream ? `${say.operation.stream} ` : ''}${schema?.type ?? say.schema.undescribed}`,
    ...(gated === undefined ? [] : [gate(gated)]),
    ...about(schema),
  ]
  // What is made up for errors is all alike; where there is much to say, one is enough of what there is.
  const own = (exemplary ? examples : examples.filter(({ generated }) => !generated)).filter(isSeen)
  const shown = named === 'whole' ? own : exemplary ? own.slice(0, 1) : []
  return [
    `${types.map(tick).join(', ')}: ${type.join(' · ')}`,
    ...(schema === undefined ? [] : paragraph([...linesBelow(schema, 0, named)])),
    ...shown.flatMap((example) => exampleOf(example, types)),
  ]
}

/** Of one that is withheld as a whole, nothing is left. */
function isSeen({ lines, elsewhere }: BodyView['examples'][number]): boolean {
  return elsewhere !== undefined || lines.some(({ withheld }) => withheld === undefined)
}

function exampleOf(
  { title, source, generated, lines, elsewhere, types }: BodyView['examples'][number],
  all: readonly string[],
): (string | undefined)[] {
  const json = isJson(types[0] ?? '') || isForm(types[0] ?? '')
  const of = all.length > types.length ? ` (${types.map(tick).join(', ')})` : ''
  return [
    ...(generated
      ? []
      : [`${title === undefined ? say.operation.anExample : say.operation.example(line(title))}${of}`, source]),
    elsewhere === undefined ? fence(json ? 'json' : '', text(lines)) : `${say.operation.elsewhere} <${elsewhere.href}>`,
  ]
}

/** What is said of a schema besides its type and its fields, where it is no field itself. */
function about(node: SchemaNode | undefined): string[] {
  if (node === undefined) return []
  const { source, facts, values, ref, rows, choices } = node
  // What has a name says what it is in its own section.
  const described = ref === undefined || (rows.length === 0 && choices.length === 0) ? line(source ?? '') : ''
  return [described, ...facts.map(words), valuesLine(values)].filter((part) => part !== '')
}

export function valuesLine(values: SchemaNode['values']): string {
  if (values.length === 0) return ''
  const each = values.map(({ text: value, meaning }) =>
    meaning === undefined ? tick(value) : `${tick(value)} (${meaning})`,
  )
  return `${say.schema.oneOf} ${each.join(', ')}`
}

function linesBelow(node: SchemaNode, depth: number, named: Named): Iterable<string> {
  return named === 'brief' && node.ref !== undefined ? [] : rowLines(node, depth, named)
}

export function* rowLines(node: SchemaNode, depth: number, named: Named): Generator<string> {
  const indent = '  '.repeat(depth)
  for (const row of node.rows) {
    yield indent + fieldLine(row)
    yield* linesBelow(row.node, depth + 1, named)
  }
  for (const { kind, options } of node.choices) {
    yield `${indent}- ${say.schema.choices[kind]}:`
    for (const option of options) {
      const when =
        option.when === undefined ? '' : `, ${words(say.schema.when(option.when.property, option.when.values))}`
      const said = [...(option.gated === undefined ? [] : [gate(option.gated)]), ...about(option.node)]
      yield `${indent}  - ${tick(option.title)}${when}${said.length === 0 ? '' : `: ${said.join(' · ')}`}`
      yield* linesBelow(option.node, depth + 2, named)
    }
  }
}

function fields(rows: readonly FieldRow[], named: Named): string[] {
  return rows.flatMap((row) => [fieldLine(row), ...linesBelow(row.node, 1, named)])
}

function fieldLine({ name, kind, flags, scopes, withheld, node }: FieldRow): string {
  const about = [
    line(node.source ?? ''),
    ...node.facts.map(words),
    valuesLine(node.values),
    scopes.length === 0 ? '' : gate({ scopes, ...(withheld && { withheld }) }),
  ].filter((part) => part !== '')
  const label =
    kind === 'item' ? say.schema.item(name) : kind === 'entry' && name === '*' ? say.schema.anyName : tick(name)
  return `- ${label} (${[node.type, ...flags].join(', ')})${about.length === 0 ? '' : `: ${about.join(' · ')}`}`
}

/** Which scopes something takes, and what becomes of it without them. */
export function gate({ scopes, withheld }: Gated): string {
  return words(withheld === undefined ? say.schema.needs(scopes) : say.schema.because(withheld.how, withheld.why))
}
