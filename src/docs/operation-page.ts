import type { ApiModel, Header, Link, Operation, Parameter, Response, Server, Webhook } from '../model/api.ts'
import type { Schema } from '../model/schema.ts'
import type { Inline } from '../wording/inline.ts'
import * as say from '../wording/wording.ts'
import { fieldAnchor } from './anchor.ts'
import { type BodyView, contentView, type ExampleView } from './content.ts'
import type { Viewer } from './lens.ts'
import { requestLink } from './links.ts'
import { markdown } from './markdown.ts'
import { operationTitle } from './navigation.ts'
import { type AlternativeView, requirementView } from './requirement.ts'
import { type Sample, type SampleContext, samples } from './samples.ts'
import { described, type FieldRow, schemaTree, type TreeOptions } from './schema-tree.ts'
import { exampleFacts, headerWritten, written } from './serialisation.ts'
import { type Verdict, verdict } from './verdict.ts'
import { calling, withheld } from './withheld.ts'

/** Everything that an operation's page shows. */
export interface OperationPage extends OperationFrame, Contract {
  readonly samples: readonly Sample[]
  readonly outcome?: Outcome
}

/** What depends on who reads. */
export interface OperationFrame {
  readonly title: string
  readonly verdict: Verdict
  /** Where the scopes that are missing can be asked for: the app's page, or that of a new app. */
  readonly ask?: { readonly href: string; readonly scopes: readonly string[] }
  readonly requirement: readonly AlternativeView[]
}

/** What an operation takes and gives. */
export interface Contract {
  readonly description: string
  /** In the place of the API's. */
  readonly servers: readonly Server[]
  readonly parameters: readonly ParameterGroup[]
  readonly body?: RequestView
  readonly responses: readonly ResponseView[]
}

export interface RequestView {
  readonly required: boolean
  readonly description: string
  /** What `description` was made of: Markdown, hostile. */
  readonly source?: string
  readonly content: readonly BodyView[]
}

/** A call that the API makes: what it brings, and what is expected in return. */
export type CallView = Pick<Contract, 'description' | 'parameters' | 'body' | 'responses'>

/** The success that the bench shows, as whom the page is seen. */
export interface Outcome {
  readonly status: string
  readonly example: ExampleView
}

export interface ParameterGroup {
  readonly title: string
  readonly rows: readonly FieldRow[]
}

export interface ResponseView {
  readonly status: string
  readonly description: string
  /** What `description` was made of: Markdown, hostile. */
  readonly source: string
  readonly headers: readonly FieldRow[]
  readonly content: readonly BodyView[]
  readonly links: readonly LinkView[]
}

/** An operation that a response leads to. */
export interface LinkView {
  readonly name: string
  readonly description: string
  /** What `description` was made of: Markdown, hostile. */
  readonly source?: string
  readonly operation: Pick<Operation, 'id' | 'method' | 'path'>
  readonly with: readonly Inline[]
}

const PLACES: readonly Parameter['in'][] = ['path', 'query', 'querystring', 'header', 'cookie']

export function operationPage(operation: Operation, context: SampleContext): OperationPage {
  const contract = operationContract(operation, context.model, context.viewer)
  const outcome = outcomeOf(contract)
  return {
    ...operationFrame(operation, context),
    ...contract,
    samples: samples(operation, context),
    ...(outcome !== undefined && { outcome }),
  }
}

export function operationFrame(
  operation: Operation,
  { model, viewer }: { readonly model: ApiModel; readonly viewer: Viewer },
): OperationFrame {
  const seen = verdict(operation, viewer, model.schemes)
  const app = viewer.lens.as === 'app' ? viewer.lens.app : undefined
  const lacking = viewer.problem === undefined ? scopesToAsk(operation, viewer, seen) : []
  return {
    title: operationTitle(operation),
    verdict: seen,
    ...(lacking.length > 0 && { ask: { href: requestLink(model.name, lacking, app), scopes: lacking } }),
    requirement: requirementView(operation, viewer, model.schemes),
  }
}

/** What a call lacks; of one that an app can make, what would show it more. */
function scopesToAsk(operation: Operation, viewer: Viewer, { judged, gate, missing }: Verdict): readonly string[] {
  if (!judged) return []
  if (gate !== 'open' || viewer.lens.as !== 'app') return missing[0] ?? []
  const caller = calling([operation], viewer)
  const fields = operation.fields.response.filter(({ scopes }) => withheld(scopes, caller)?.gate === 'scope')
  return [...new Set(fields.flatMap(({ scopes }) => scopes))].filter((scope) => !viewer.scopes.includes(scope)).sort()
}

export function operationContract(operation: Operation, model: ApiModel, reader: Viewer): Contract {
  const viewer = calling([operation], reader)
  return { servers: operation.servers ?? [], ...exchange(operation, { model, viewer, direction: 'request' }) }
}

function isHere({ elsewhere }: ExampleView): boolean {
  return elsewhere === undefined
}

/** Of a webhook or a callback, whose ids on a page begin with its own. */
export function callView(call: Webhook, model: ApiModel, viewer: Viewer): CallView {
  return exchange(call, { model, viewer, direction: 'response', within: fieldAnchor('webhook', call.id) })
}

interface Exchange {
  readonly model: ApiModel
  readonly viewer: Viewer
  /** Of what is sent, as the API sees it: of a call that it makes, a response has what it says. */
  readonly direction: 'request' | 'response'
  readonly within?: string
}

function exchange({ description, parameters, body, responses }: Operation | Webhook, to: Exchange): CallView {
  const { model, viewer, direction, within } = to
  const anchor = within ?? 'body'
  return {
    description: markdown(description),
    parameters: parameterGroups(parameters, to),
    ...(body !== undefined && {
      body: {
        required: body.required,
        ...described(body.description, 3),
        content: contentView(body.content, { model, viewer, direction, anchor }),
      },
    }),
    responses: [...responses].sort(byStatus).map((response) => responseView(response, to)),
  }
}

export function outcomeOf({ responses }: Contract): Outcome | undefined {
  const success = responses.find(
    ({ status, content }) => /^2/.test(status) && content.some(({ examples }) => examples.some(isHere)),
  )
  const example = success?.content.flatMap(({ examples }) => examples).find(isHere)
  return success === undefined || example === undefined ? undefined : { status: success.status, example }
}

function parameterGroups(parameters: readonly Parameter[], to: Exchange): ParameterGroup[] {
  return PLACES.flatMap((place) => {
    const rows = parameters
      .filter((parameter) => parameter.in === place)
      .map((parameter) => parameterRow(parameter, to))
    return rows.length === 0 ? [] : [{ title: say.operation.parameters[place], rows }]
  })
}

function parameterRow(parameter: Parameter, { model, viewer, direction, within }: Exchange): FieldRow {
  const place = within === undefined ? parameter.in : fieldAnchor(within, parameter.in)
  const options = { model, viewer, direction, anchor: fieldAnchor(place, parameter.name) }
  return valueRow(parameter, written(parameter, model), options)
}

function responseView(response: Response, { model, viewer, direction, within }: Exchange): ResponseView {
  const own = `response-${response.status}`
  const anchor = within === undefined ? own : fieldAnchor(within, own)
  const back = { model, viewer, direction: direction === 'request' ? 'response' : 'request' } as const
  const source = [response.summary ?? '', response.description].filter((part) => part !== '').join('\n\n')
  return {
    status: response.status,
    description: markdown(source),
    source,
    headers: response.headers.map((header) =>
      valueRow(header, headerWritten(header), { ...back, anchor: fieldAnchor(anchor, header.name) }),
    ),
    content: contentView(response.content, { ...back, anchor }),
    links: (response.links ?? []).flatMap((link) => linkView(link, model)),
  }
}

/** A parameter or a header. */
function valueRow(
  { name, required, deprecated, description, schema, examples }: Parameter | Header,
  facts: readonly (readonly Inline[])[],
  options: TreeOptions,
): FieldRow {
  const node = schemaTree(examples.length === 0 ? schema : withoutExamples(schema), options)
  const flags = [required && say.schema.flags.required, deprecated && say.schema.flags.deprecated]
  return {
    name,
    anchor: options.anchor,
    kind: 'property',
    flags: flags.filter((flag) => flag !== false),
    scopes: [],
    node: {
      ...node,
      ...(description !== undefined && described(description)),
      facts: [...facts, ...node.facts, ...exampleFacts(examples)],
    },
  }
}

/** OpenAPI 3.1, Parameter Object: its own examples override those of its schema, and of what that refers to. */
function withoutExamples(schema: Schema): Schema {
  return typeof schema === 'boolean' ? schema : { ...schema, examples: [] }
}

function linkView({ name, description, operation: id, parameters, body }: Link, { operations }: ApiModel): LinkView[] {
  const operation = operations.find((one) => one.id === id)
  if (operation === undefined) return []
  const given = Object.entries(parameters)
  return [
    {
      name,
      ...described(description, 4),
      operation,
      with: given.length === 0 && body === undefined ? [] : say.operation.linkWith(given, body),
    },
  ]
}

/** Successes first, `default` last. */
function byStatus(a: Response, b: Response): number {
  return rank(a.status).localeCompare(rank(b.status), 'en')
}

function rank(status: string): string {
  return status.startsWith('2') ? `0${status}` : status === 'default' ? '9' : `1${status}`
}
