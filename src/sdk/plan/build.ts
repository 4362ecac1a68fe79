import { callable } from '../../access/callable.ts'
import { tokenCredentials } from '../../access/credentials.ts'
import type { ApiModel, Operation, Parameter, Server } from '../../model/api.ts'
import { safeName } from '../../model/names.ts'
import { planBody, planFailures, planResult } from './media.ts'
import type { OperationPlan, ParameterPlan, ResourcePlan, SdkPlan } from './plan.ts'
import { planProblems } from './problems.ts'
import { planRequirement } from './requirement.ts'

export interface PlanOptions {
  /** With `prune`: leave out what a token with just these scopes can't call. */
  readonly scopes?: readonly string[] | undefined
  readonly prune?: boolean | undefined
  /** By operation, what it is called in the place of the model's names: `orders.list`. */
  readonly names?: Readonly<Record<string, string>> | undefined
}

/** Plans an SDK. Pure, and the same for the same model. */
export function planSdk(model: ApiModel, options: PlanOptions = {}): SdkPlan {
  const operations = prune(model, options).map((operation) => named(operation, options.names))
  const credentials = Object.values(model.schemes).filter(({ token }) => !token)
  const server = absoluteServer(model.servers)
  const tokenEndpoint = Object.values(model.schemes)
    .flatMap(({ flows }) => [flows.clientCredentials, ...Object.values(flows)])
    .map((flow) => flow?.tokenUrl)
    .find((url) => url !== undefined && URL.canParse(url))
  return {
    api: {
      name: model.name,
      title: model.title,
      version: model.version,
      ...(model.summary !== undefined && { summary: model.summary }),
      ...(model.description !== undefined && { description: model.description }),
      hash: model.hash,
    },
    scopes: model.scopes.map(({ name, title, description }) => ({
      name,
      ...(title !== undefined && { title }),
      ...(description !== undefined && { description }),
    })),
    credentials: [...new Set([...credentials.map(({ name }) => name), ...operations.flatMap(otherSchemes)])].sort(),
    resources: resources(operations),
    problems: planProblems(operations, model.schemas),
    ...(server !== undefined && { server: server.url }),
    ...(server !== undefined && Object.keys(server.variables).length > 0 && { variables: server.variables }),
    ...(tokenEndpoint !== undefined && { tokenEndpoint }),
  }
}

function prune(model: ApiModel, { scopes, prune }: PlanOptions): readonly Operation[] {
  if (scopes === undefined || prune !== true) return model.operations
  return callable(model, tokenCredentials(model, scopes))
}

function named(operation: Operation, names: PlanOptions['names'] = {}): Operation {
  const given = [operation.id, operation.operationId ?? ''].find((id) => Object.hasOwn(names, id))
  const parts = given === undefined ? [] : (names[given]?.split('.').map((part) => safeName(part, 'call')) ?? [])
  const method = parts.pop()
  return method === undefined ? operation : { ...operation, sdk: { resource: parts, method } }
}

function otherSchemes(operation: Operation): string[] {
  return operation.requirement.alternatives.flatMap((alternative) =>
    alternative.filter(({ token }) => !token).map(({ scheme }) => scheme),
  )
}

/** Every resource that has operations, and its ancestors. */
function resources(operations: readonly Operation[]): ResourcePlan[] {
  const byPath = new Map<string, { path: readonly string[]; operations: Operation[] }>()
  for (const operation of operations) {
    const path = resourcePath(operation)
    for (let depth = 1; depth <= path.length; depth++) {
      const ancestor = path.slice(0, depth)
      const key = ancestor.join('.')
      if (!byPath.has(key)) byPath.set(key, { path: ancestor, operations: [] })
    }
    byPath.get(path.join('.'))?.operations.push(operation)
  }
  return [...byPath.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { path, operations: own }]) => {
      const children = [...byPath.values()].filter(
        (other) => other.path.length === path.length + 1 && other.path.slice(0, -1).join('.') === key,
      )
      const taken = new Set(children.map((child) => child.path.at(-1) ?? ''))
      return { path, operations: own.map((operation) => planOperation(operation, taken)) }
    })
}

/** `GET /` belongs to no resource. */
function resourcePath({ sdk }: Operation): readonly string[] {
  return sdk.resource.length === 0 ? ['root'] : sdk.resource
}

/** @param taken names of the resource that are given away; grows */
function planOperation(operation: Operation, taken: Set<string>): OperationPlan {
  const body = planBody(operation.body)
  const server = absoluteServer(operation.servers ?? [])
  let name = taken.has(operation.sdk.method) ? operation.id : operation.sdk.method
  while (taken.has(name)) name = `${name}_`
  taken.add(name)
  const gatedFields = new Map(
    operation.fields.response.map(({ name: field, scopes }) => [
      `${field} ${scopes.join(' ')}`,
      { name: field, scopes },
    ]),
  )
  return {
    id: operation.id,
    name,
    method: operation.method,
    path: operation.path,
    ...(operation.summary !== undefined && { summary: operation.summary }),
    ...(operation.description !== undefined && { description: operation.description }),
    deprecated: operation.deprecated,
    parameters: planParameters(operation),
    ...(body !== undefined && { body }),
    result: planResult(operation.responses),
    failures: planFailures(operation.responses),
    requirement: planRequirement(operation.requirement),
    gated: { request: operation.fields.request.length > 0, response: operation.fields.response.length > 0 },
    gatedFields: [...gatedFields.values()],
    ...(operation.pagination !== undefined && { pagination: operation.pagination }),
    ...(operation.idempotencyKey !== undefined && { idempotencyHeader: operation.idempotencyKey.header }),
    ...(server !== undefined && { server: filled(server) }),
  }
}

/** OpenAPI says that these header parameters are ignored: they belong to content negotiation and security. */
const IGNORED = new Set(['accept', 'content-type', 'authorization'])

function planParameters({ path, parameters }: Operation): ParameterPlan[] {
  const placeholders = [...new Set([...path.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? ''))]
  const inPath = placeholders.map((name): ParameterPlan => {
    const declared = parameters.find((parameter) => parameter.in === 'path' && parameter.name === name)
    if (declared !== undefined) return planParameter({ ...declared, required: true }, 'path')
    const undeclared = { style: 'simple', explode: false, allowReserved: false, schema: { type: 'string' } } as const
    return { name, in: 'path', required: true, deprecated: false, ...undeclared }
  })
  const others = parameters.flatMap((parameter) => {
    if (parameter.in === 'path' || parameter.in === 'querystring') return []
    if (parameter.in === 'header' && IGNORED.has(parameter.name.toLowerCase())) return []
    return [planParameter(parameter, parameter.in)]
  })
  return [...inPath, ...others]
}

function planParameter(parameter: Parameter, place: ParameterPlan['in']): ParameterPlan {
  const { name, required, deprecated, style, explode, allowReserved, schema } = parameter
  return {
    name,
    in: place,
    required,
    deprecated,
    ...(parameter.description !== undefined && { description: parameter.description }),
    // They differ in what is percent-encoded only, which a client does either way.
    style: style === 'cookie' ? 'form' : style,
    explode,
    allowReserved,
    ...(parameter.mediaType !== undefined && { content: parameter.mediaType }),
    schema,
  }
}

/** The first server, if it is a web address once its variables have their defaults. */
function absoluteServer(servers: readonly Server[]): Server | undefined {
  const first = servers[0]
  if (first === undefined) return undefined
  const url = filled(first)
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
    ? { ...first, url: first.url.replace(/\/+$/, '') }
    : undefined
}

function filled({ url, variables }: Server): string {
  return url.replace(/\{([^{}]*)\}/g, (whole, name: string) =>
    Object.hasOwn(variables, name) ? (variables[name]?.default ?? whole) : whole,
  )
}
