import type { ApiModel, ExternalDocs, Operation, Webhook } from '../model/api.ts'
import type { Inline } from '../wording/inline.ts'
import * as say from '../wording/wording.ts'
import { fieldAnchor } from './anchor.ts'
import { authentication } from './authentication.ts'
import { type BodyView, contentView } from './content.ts'
import { externalLink } from './external-link.ts'
import { installPage } from './install.ts'
import type { JsonLine } from './json-lines.ts'
import { EVERYTHING, type Viewer } from './lens.ts'
import { type ApiLinks, apiLinks } from './links.ts'
import { byTag, operationTitle } from './navigation.ts'
import { operationPage } from './operation-page.ts'
import { requirementView } from './requirement.ts'
import type { SampleContext } from './samples.ts'
import { schemaPage } from './schema-page.ts'
import type { FieldRow, SchemaNode } from './schema-tree.ts'
import { scopeRows } from './scopes.ts'
import { verdict } from './verdict.ts'

/** The pages as Markdown, for machines that read. What documents say goes in as they wrote it. */

/** How much of a schema that has a name is said where it is used: its fields, or in brief, where it has a section of its own, the name. */
type Named = 'whole' | 'brief'

export interface PlainGuide {
  readonly name: string
  readonly title: string
  readonly markdown: string
}

/** The address of a page's Markdown. */
export function plainAddress(href: string): string {
  const [, path = '', rest = ''] = /^([^?#]*)(.*)$/.exec(href) ?? []
  return `${path === '/' ? '/index' : path}.md${rest}`
}

export function plainHome(name: string, words: string, models: readonly ApiModel[]): string {
  const apis = models.map(({ title, version, name: api }) => {
    const { overview } = apiLinks(api, EVERYTHING)
    return `[${line(title)}](${plainAddress(overview)}) ${line(version)}`
  })
  return page(name, [words, ...section(say.catalog.title, apis)])
}

export function plainApi(model: ApiModel, viewer: Viewer, links: ApiLinks, guides: readonly PlainGuide[]): string {
  const { title, summary, description, version, lifecycle, sunset, servers } = model
  return page(title, [
    summary,
    `${say.api.version} ${say.api.versionIs(version, lifecycle)}${sunset === undefined ? '' : `, ${say.catalog.until(sunset)}`}.`,
    ...(servers.length === 0
      ? []
      : [
          `## ${say.api.servers(servers.length)}`,
          list(servers.map(({ url, description: about }) => `${tick(url)}${about ? `: ${line(about)}` : ''}`)),
        ]),
    description,
    seeAlso(model.externalDocs),
    `## ${say.api.authentication}`,
    ...authentication(model).flatMap(({ title: way, name, steps }) => [`### ${way} (${name})`, ...steps.map(words)]),
    ...[...byTag(model)].flatMap(([tag, operations]) => [
      `## ${line(tag)}`,
      list(operations.map((operation) => operationLine(operation, model, viewer, links))),
    ]),
    ...section(
      say.api.webhooks,
      model.webhooks.map(
        ({ id, method, name, summary: about }) =>
          `[${tick(`${method} ${name}`)}](${plainAddress(links.webhook(id))})${about ? `: ${line(about)}` : ''}`,
      ),
    ),
    ...section(say.api.scopes, scopeLines(model, viewer)),
    ...section(
      say.api.schemas,
      Object.keys(model.schemas).map((name) => `[${line(name)}](${plainAddress(links.schema(name))})`),
    ),
    ...section(
      say.api.guides,
      guides.map((guide) => `[${line(guide.title)}](${plainAddress(links.guide(guide.name))})`),
    ),
  ])
}

function seeAlso(docs: ExternalDocs | undefined): string | undefined {
  const link = externalLink(docs)
  return link === undefined ? undefined : `${say.api.seeAlso} [${line(link.text)}](${link.href})`
}

function operationLine(operation: Operation, { schemes }: ApiModel, viewer: Viewer, links: ApiLinks): string {
  const { method, path, id } = operation
  const { sentence } = verdict(operation, viewer, schemes)
  return `[${tick(`${method} ${path}`)}](${plainAddress(links.operation(id))}): ${line(operationTitle(operation))}. ${words(sentence)}`
}

export function plainOperation(operation: Operation, context: SampleContext, named: Named = 'whole'): string {
  const { model, viewer } = context
  const view = operationPage(operation, context)
  const ways = requirementView(operation, viewer, model.schemes)
  return page(`${operation.method} ${operation.path}`, [
    operation.summary,
    operation.deprecated ? `**${say.operation.deprecated}**` : undefined,
    `## ${say.requirement.label}`,
    words(view.verdict.sentence),
    ...(ways.length > 1 ? [say.schema.choices['one of'], list(ways.map((way) => words(way.words)))] : []),
    operation.description,
    seeAlso(operation.externalDocs),
    ...view.parameters.flatMap(({ title, rows }) => section(title, fields(rows, named))),
    ...(view.body === undefined
      ? []
      : [
          `## ${say.operation.body} (${say.operation.needed(view.body.required)})`,
          ...view.body.content.flatMap((content) => media(content, named)),
        ]),
    `## ${say.operation.responses}`,
    ...(view.responses.length === 0 ? [say.operation.noResponses] : []),
    ...view.responses.flatMap((response, index) => [
      `### ${response.status}`,
      operation.responses.find(({ status }) => status === response.status)?.description,
      ...(response.headers.length === 0
        ? []
        : [`${say.operation.headers}:`, fields(response.headers, named).join('\n')]),
      ...response.content.flatMap((view) => media(view, named, index === 0)),
    ]),
    ...view.samples
      .filter(({ id }) => id === 'typescript' || id === 'curl')
      .flatMap(({ title, id, code }) => [
        `## ${title}`,
        fence(id === 'typescript' ? 'ts' : id === 'curl' ? 'sh' : id, code),
      ]),
  ])
}

export function plainWebhook(webhook: Webhook, model: ApiModel, viewer: Viewer, named: Named = 'whole'): string {
  const { id, method, name, summary, deprecated, description, body, responses } = webhook
  const anchor = fieldAnchor('webhook', id)
  const bodies = contentView(body?.content ?? [], { model, viewer, anchor, direction: 'response' })
  return page(`${method} ${name}`, [
    say.webhooks.callsYou(summary, model.title),
    deprecated ? `**${say.operation.deprecated}**` : undefined,
    description,
    ...bodies.flatMap((one) => media(one, named)),
    ...section(
      say.webhooks.expects,
      responses.map((response) => `${tick(response.status)} ${line(response.description ?? '')}`),
    ),
  ])
}

/** How to get the SDK, and a first program. */
export function plainSdks(context: SampleContext): string {
  const { install, program, tarball } = installPage(context)
  return page(`${say.sdks.title} · ${context.model.title}`, [
    say.sdks.lead(context.model.title),
    '## TypeScript',
    fence('sh', install),
    `[${say.sdks.tarball}](${tarball})`,
    ...(program === undefined ? [] : [`### ${line(say.sdks.program(program.title))}`, fence('ts', program.code)]),
  ])
}

export function plainSchema(
  name: string,
  model: ApiModel,
  viewer: Viewer,
  links: ApiLinks,
  named: Named = 'whole',
): string | undefined {
  const view = schemaPage(name, model, viewer)
  if (view === undefined) return undefined
  return page(name, [
    view.node.source,
    ...paragraph([...rowLines(view.node, 0, named)]),
    ...(view.example === undefined ? [] : [`## ${say.operation.anExample}`, fence('json', text(view.example.lines))]),
    ...section(say.schema.usedBy, [
      ...view.operations.map((operation) => operationLine(operation, model, viewer, links)),
      ...view.usedBy.map((other) => `[${line(other)}](${plainAddress(links.schema(other))})`),
    ]),
  ])
}

export function plainScopes(model: ApiModel, viewer: Viewer): string {
  return page(`${say.scopes.title} · ${model.title}`, [list(scopeLines(model, viewer))])
}

/** Everything of one API, page by page; what has a name, once. */
export function* plainEverything(
  context: SampleContext,
  links: ApiLinks,
  guides: readonly PlainGuide[],
): Generator<string> {
  const { model, viewer } = context
  yield plainApi(model, viewer, links, guides)
  for (const { title, markdown } of guides) yield page(title, [markdown])
  for (const operation of model.operations) yield plainOperation(operation, context, 'brief')
  for (const webhook of model.webhooks) yield plainWebhook(webhook, model, viewer, 'brief')
  for (const name of Object.keys(model.schemas)) yield plainSchema(name, model, viewer, links, 'brief') ?? ''
}

function scopeLines(model: ApiModel, viewer: Viewer): string[] {
  return scopeRows(model, viewer).map(
    ({ scope, gate, operations, fields: gated }) =>
      `${tick(scope.name)}: ${[scope.title, scope.description]
        .filter((part) => part !== undefined)
        .map(line)
        .join('. ')} (${say.scopes.opens(operations, gated)}${gate === undefined ? '' : say.scopes.held[gate]})`,
  )
}

function media({ types, schema, examples, stream }: BodyView, named: Named, exemplary = true): string[] {
  const [example] = examples
  return [
    `${types.map(tick).join(', ')}: ${stream ? `${say.operation.stream} ` : ''}${schema?.type ?? say.schema.undescribed}`,
    ...(schema === undefined ? [] : paragraph([...linesBelow(schema, 0, named)])),
    // One example is enough of a success; those of errors are all alike.
    ...(example === undefined || !exemplary ? [] : [fence('json', text(example.lines))]),
  ]
}

function paragraph(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [lines.join('\n')]
}

function linesBelow(node: SchemaNode, depth: number, named: Named): Iterable<string> {
  return named === 'brief' && node.ref !== undefined ? [] : rowLines(node, depth, named)
}

function* rowLines(node: SchemaNode, depth: number, named: Named): Generator<string> {
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
      yield `${indent}  - ${tick(option.title)}${when}`
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
    node.values.length === 0
      ? ''
      : `${say.schema.oneOf} ${node.values.map(({ text: value, meaning }) => (meaning === undefined ? tick(value) : `${tick(value)} (${meaning})`)).join(', ')}`,
    scopes.length === 0
      ? ''
      : words(withheld === undefined ? say.schema.needs(scopes) : say.schema.because(withheld.how, withheld.why)),
  ].filter((part) => part !== '')
  const label =
    kind === 'item' ? say.schema.item(name) : kind === 'entry' && name === '*' ? say.schema.anyName : tick(name)
  return `- ${label} (${[node.type, ...flags].join(', ')})${about.length === 0 ? '' : `: ${about.join(' · ')}`}`
}

function section(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`## ${title}`, items[0]?.startsWith('- ') ? items.join('\n') : list(items)]
}

function page(title: string, parts: readonly (string | undefined)[]): string {
  const solid = parts.filter((part) => part !== undefined && part.trim() !== '')
  return `${[`# ${line(title)}`, ...solid].join('\n\n')}\n`
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n')
}

function words(inline: readonly Inline[]): string {
  return inline
    .map((part) => {
      if (typeof part === 'string') return part
      if ('code' in part) return tick(part.code)
      if ('strong' in part) return `**${part.strong}**`
      return 'link' in part ? `[${part.link}](${part.href})` : part.text
    })
    .join('')
}

function text(lines: readonly JsonLine[]): string {
  return lines
    .filter((one) => one.withheld === undefined)
    .map(({ depth, text: content }) => '  '.repeat(depth) + content)
    .join('\n')
}

/** As code, whatever backticks it holds. */
function tick(code: string): string {
  const longest = Math.max(0, ...[...code.matchAll(/`+/g)].map(([run]) => run.length))
  const mark = '`'.repeat(longest + 1)
  return longest === 0 ? `${mark}${line(code)}${mark}` : `${mark} ${line(code)} ${mark}`
}

function fence(language: string, code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/^\s*(`{3,})/gm)].map(([, run = '']) => run.length))
  const mark = '`'.repeat(longest + 1)
  return `${mark}${language}\n${code}\n${mark}`
}

/** On one line. */
function line(source: string): string {
  return source.replace(/\s+/g, ' ').trim()
}
