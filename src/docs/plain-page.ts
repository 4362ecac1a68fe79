import type { ApiModel, ExternalDocs, Operation, Webhook } from '../model/api.ts'
import * as say from '../wording/wording.ts'
import { authentication } from './authentication.ts'
import { externalLink } from './external-link.ts'
import { installPage } from './install.ts'
import { EVERYTHING, type Viewer } from './lens.ts'
import { type ApiLinks, apiLinks } from './links.ts'
import { byTag, operationTitle, tagTitle } from './navigation.ts'
import { callView, operationPage } from './operation-page.ts'
import { exchange, gate, type Named, rowLines, serverLine, valuesLine } from './plain-call.ts'
import { fence, line, list, page, paragraph, plainAddress, section, text, tick, words } from './plain-text.ts'
import type { SampleContext } from './samples.ts'
import { schemaPage } from './schema-page.ts'
import { scopeRows } from './scopes.ts'
import { verdict } from './verdict.ts'

/** The pages as Markdown, for machines that read. What documents say goes in as they wrote it. */

export interface PlainGuide {
  readonly name: string
  readonly title: string
  readonly markdown: string
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
    ...(servers.length === 0 ? [] : [`## ${say.api.servers(servers.length)}`, list(servers.map(serverLine))]),
    description,
    seeAlso(model.externalDocs),
    ...legal(model),
    `## ${say.api.authentication}`,
    ...authentication(model).flatMap(({ title: way, name, source, steps }) => [
      `### ${way} (${name})`,
      source,
      ...steps.map(words),
    ]),
    ...[...byTag(model)].flatMap(([tag, operations]) => [
      `## ${line(tagTitle(tag, model.tags))}`,
      model.tags.find(({ name }) => name === tag)?.description,
      seeAlso(model.tags.find(({ name }) => name === tag)?.externalDocs),
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

function legal({ contact = {}, license, termsOfService }: ApiModel): string[] {
  const all = [
    [say.api.contact, [contact.name, contact.url, contact.email]],
    [say.api.license, [license?.name, license?.url]],
    [say.api.terms, [termsOfService]],
  ] as const
  return all.flatMap(([title, values]) => {
    const known = values.filter((value) => value !== undefined)
    return known.length === 0 ? [] : [`${title}: ${known.map(line).join(', ')}`]
  })
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

export function plainOperation(
  operation: Operation,
  context: SampleContext,
  links: ApiLinks,
  named: Named = 'whole',
): string {
  const { model, viewer } = context
  const view = operationPage(operation, context)
  return page(`${operation.method} ${operation.path}`, [
    operation.summary,
    operation.deprecated ? `**${say.operation.deprecated}**` : undefined,
    `## ${say.requirement.label}`,
    words(view.verdict.sentence),
    view.ask && `[${words(say.verdicts.askFor(view.ask.scopes))}](${view.ask.href})`,
    ...(view.requirement.length > 1 ? [list(view.requirement.map((way) => words(way.words)))] : []),
    operation.description,
    seeAlso(operation.externalDocs),
    ...section(say.operation.ownServers(view.servers.length), view.servers.map(serverLine)),
    ...exchange(view, links, named, '##'),
    ...(view.responses.length === 0 ? [`## ${say.operation.responses}`, say.operation.noResponses] : []),
    ...(operation.callbacks.length === 0 ? [] : [`## ${say.operation.callbacks}`, say.operation.callsYou]),
    ...operation.callbacks.flatMap((callback) => [
      `### ${tick(`${callback.method} ${callback.expression}`)}`,
      callback.summary,
      callback.deprecated ? `**${say.operation.deprecated}**` : undefined,
      callback.description,
      ...exchange(callView(callback, model, viewer), links, named, '####'),
    ]),
    ...view.samples
      .filter(({ id }) => id === 'typescript' || id === 'curl')
      .flatMap(({ title, id, code }) => [
        `## ${title}`,
        fence(id === 'typescript' ? 'ts' : id === 'curl' ? 'sh' : id, code),
      ]),
  ])
}

export function plainWebhook(
  webhook: Webhook,
  model: ApiModel,
  viewer: Viewer,
  links: ApiLinks,
  named: Named = 'whole',
): string {
  const { method, name, summary, deprecated, description } = webhook
  return page(`${method} ${name}`, [
    say.webhooks.callsYou(summary, model.title),
    deprecated ? `**${say.operation.deprecated}**` : undefined,
    description,
    ...exchange(callView(webhook, model, viewer), links, named, '##'),
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
    view.gated && gate(view.gated),
    [view.node.type, ...view.node.facts.map(words), valuesLine(view.node.values)]
      .filter((part) => part !== '' && part !== name)
      .join(' · '),
    ...paragraph([...rowLines(view.node, 0, named)]),
    ...(view.example === undefined || text(view.example.lines) === ''
      ? []
      : [`## ${say.operation.anExample}`, fence('json', text(view.example.lines))]),
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
  for (const operation of model.operations) yield plainOperation(operation, context, links, 'brief')
  for (const webhook of model.webhooks) yield plainWebhook(webhook, model, viewer, links, 'brief')
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
