import type { ApiModel, Operation, Parameter, Response } from '../model/api.ts'
import * as say from '../wording/wording.ts'
import { fieldAnchor } from './anchor.ts'
import { type BodyView, contentView, type ExampleView } from './content.ts'
import type { Viewer } from './lens.ts'
import { requestLink } from './links.ts'
import { markdown } from './markdown.ts'
import { operationTitle } from './navigation.ts'
import { type AlternativeView, requirementView } from './requirement.ts'
import { type Sample, type SampleContext, samples } from './samples.ts'
import { described, type FieldRow, schemaTree } from './schema-tree.ts'
import { type Verdict, verdict } from './verdict.ts'
import { calling } from './withheld.ts'

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
  readonly ask?: string
  readonly requirement: readonly AlternativeView[]
}

/** What an operation takes and gives. */
export interface Contract {
  readonly description: string
  readonly parameters: readonly ParameterGroup[]
  readonly body?: { readonly required: boolean; readonly description: string; readonly content: readonly BodyView[] }
  readonly responses: readonly ResponseView[]
}

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
  readonly headers: readonly FieldRow[]
  readonly content: readonly BodyView[]
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
  const [lacking] = seen.judged && viewer.problem === undefined ? seen.missing : []
  const app = viewer.lens.as === 'app' ? viewer.lens.app : undefined
  return {
    title: operationTitle(operation),
    verdict: seen,
    ...(lacking !== undefined && { ask: requestLink(model.name, lacking, app) }),
    requirement: requirementView(operation, viewer, model.schemes),
  }
}

export function operationContract(operation: Operation, model: ApiModel, reader: Viewer): Contract {
  const { body } = operation
  const viewer = calling([operation], reader)
  return {
    description: markdown(operation.description),
    parameters: parameterGroups(operation, model, viewer),
    ...(body !== undefined && {
      body: {
        required: body.required,
        description: markdown(body.description),
        content: contentView(body.content, { model, viewer, direction: 'request', anchor: 'body' }),
      },
    }),
    responses: [...operation.responses].sort(byStatus).map((response) => responseView(response, model, viewer)),
  }
}

export function outcomeOf({ responses }: Contract): Outcome | undefined {
  const success = responses.find(
    ({ status, content }) => /^2/.test(status) && content.some(({ examples }) => examples.length > 0),
  )
  const example = success?.content.flatMap(({ examples }) => examples)[0]
  return success === undefined || example === undefined ? undefined : { status: success.status, example }
}

function parameterGroups(operation: Operation, model: ApiModel, viewer: Viewer): ParameterGroup[] {
  return PLACES.flatMap((place) => {
    const rows = operation.parameters
      .filter((parameter) => parameter.in === place)
      .map((parameter) => parameterRow(parameter, model, viewer))
    return rows.length === 0 ? [] : [{ title: say.operation.parameters[place], rows }]
  })
}

function parameterRow(parameter: Parameter, model: ApiModel, viewer: Viewer): FieldRow {
  const anchor = fieldAnchor(parameter.in, parameter.name)
  const node = schemaTree(parameter.schema, { model, viewer, anchor, direction: 'request' })
  const flags = [
    parameter.required && say.schema.flags.required,
    parameter.deprecated && say.schema.flags.deprecated,
  ].filter((flag) => flag !== false)
  return {
    name: parameter.name,
    anchor,
    kind: 'property',
    flags,
    scopes: [],
    node: { ...node, ...(parameter.description !== undefined && described(parameter.description)) },
  }
}

function responseView(response: Response, model: ApiModel, viewer: Viewer): ResponseView {
  return {
    status: response.status,
    description: markdown(response.description),
    headers: response.headers.map((header): FieldRow => {
      const anchor = fieldAnchor(`response-${response.status}`, header.name)
      const node = schemaTree(header.schema, { model, viewer, anchor, direction: 'response' })
      return {
        name: header.name,
        anchor,
        kind: 'property',
        flags: [],
        scopes: [],
        node: { ...node, ...(header.description !== undefined && described(header.description)) },
      }
    }),
    content: contentView(response.content, {
      model,
      viewer,
      direction: 'response',
      anchor: `response-${response.status}`,
    }),
  }
}

/** Successes first, `default` last. */
function byStatus(a: Response, b: Response): number {
  return rank(a.status).localeCompare(rank(b.status), 'en')
}

function rank(status: string): string {
  return status.startsWith('2') ? `0${status}` : status === 'default' ? '9' : `1${status}`
}
