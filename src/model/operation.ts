import type { Body, Callback, Parameter, Response, Server, ServerVariable, Webhook } from './api.ts'
import type { ContentReader } from './content.ts'
import { serialisation } from './content.ts'
import { type BundledDocument, defined, isObject, type Located, text } from './document.ts'
import { distinctNames } from './names.ts'
import type { SchemaTable } from './schemas.ts'

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']

export interface RawOperation extends Located {
  /** The path item that it stands in. */
  readonly item: Located
  readonly path: string
  readonly method: string
  readonly parameters: readonly Parameter[]
  readonly body?: Body
  readonly responses: readonly Response[]
  readonly servers?: readonly Server[]
}

/** Every operation below `paths`, `webhooks` or `callbacks`, with its references resolved down to named schemas. */
export class OperationReader {
  readonly #document: BundledDocument
  readonly #schemas: SchemaTable
  readonly #content: ContentReader
  /** What many operations refer to is read once. By pointer. */
  readonly #parametersAt = new Map<string, Parameter | undefined>()
  readonly #responsesAt = new Map<string, Omit<Response, 'status'>>()

  constructor(document: BundledDocument, schemas: SchemaTable, content: ContentReader) {
    this.#document = document
    this.#schemas = schemas
    this.#content = content
  }

  paths(): RawOperation[] {
    return this.#items({ node: this.#document.root, pointer: '' }, 'paths')
  }

  webhooks(): Webhook[] {
    const webhooks = this.#items({ node: this.#document.root, pointer: '' }, 'webhooks')
    const ids = distinctNames(
      webhooks.map(({ path, method }) => ({ wanted: path, identity: `${method} ${path}` })),
      'webhook',
    )
    return webhooks.map((operation, index) => webhook(operation, operation.path, ids[index] ?? ''))
  }

  /** Those of one operation. Callbacks of callbacks aren't followed. */
  callbacks(operation: Located): Callback[] {
    const found = this.#document
      .children(operation, 'callbacks')
      .flatMap(({ key: name, value }) => this.#below(value).map((raw) => ({ name, raw })))
    const ids = distinctNames(
      found.map(({ name, raw }) => ({ wanted: name, identity: `${name} ${raw.method} ${raw.path}` })),
      'callback',
    )
    return found.map(({ name, raw }, index) => ({
      ...webhook(raw, name, ids[index] ?? ''),
      expression: raw.path,
    }))
  }

  #items(parent: Located, section: string): RawOperation[] {
    const holder = this.#document.locate(parent.node[section], `${parent.pointer}/${section}`)
    return holder === undefined ? [] : this.#below(holder)
  }

  #below(holder: Located): RawOperation[] {
    return this.#document.members(holder).flatMap(({ key: path, value: item }) => {
      if (path.startsWith('x-')) return []
      const shared = this.#parameters(item)
      return this.#methods(item).map(({ method, value }) => this.#operation(path, method, value, shared, item))
    })
  }

  #methods(item: Located): { method: string; value: Located }[] {
    const fixed = METHODS.flatMap((method) => {
      const value = this.#document.locate(item.node[method], `${item.pointer}/${method}`)
      return value === undefined ? [] : [{ method: method.toUpperCase(), value }]
    })
    // OpenAPI 3.2: methods beyond the fixed ones, capitals as sent.
    const additional = this.#document
      .children(item, 'additionalOperations')
      .filter(({ key }) => !METHODS.includes(key.toLowerCase()))
      .map(({ key, value }) => ({ method: key, value }))
    return [...fixed, ...additional]
  }

  #operation(path: string, method: string, value: Located, shared: readonly Parameter[], item: Located): RawOperation {
    const own = this.#parameters(value)
    const parameters = [
      ...shared.filter((parameter) => !own.some((other) => other.name === parameter.name && other.in === parameter.in)),
      ...own,
    ]
    const body = this.#document.locate(value.node.requestBody, `${value.pointer}/requestBody`)
    return defined<RawOperation>({
      ...value,
      item,
      path,
      method,
      parameters: withPathParameters(path, parameters, value.pointer),
      body: body === undefined ? undefined : this.#body(body),
      responses: this.#document
        .children(value, 'responses')
        .filter(({ key }) => !key.startsWith('x-'))
        .map(({ key, value: response }) => this.#response(key, response)),
      servers: servers(value.node.servers) ?? servers(item.node.servers),
    })
  }

  #parameters(parent: Located): Parameter[] {
    return this.#document.children(parent, 'parameters').flatMap(({ value }) => {
      if (!this.#parametersAt.has(value.pointer)) this.#parametersAt.set(value.pointer, this.#parameter(value))
      return this.#parametersAt.get(value.pointer) ?? []
    })
  }

  #parameter(value: Located): Parameter | undefined {
    const { node, pointer } = value
    const name = text(node.name)
    const place = PLACES.find((known) => known === node.in)
    if (name === undefined || place === undefined) return undefined
    const [content] = this.#content.content(value)
    return defined<Parameter>({
      name,
      in: place,
      pointer,
      required: place === 'path' || node.required === true,
      deprecated: node.deprecated === true,
      description: text(node.description),
      ...serialisation(node, place === 'query' || place === 'cookie' ? 'form' : 'simple'),
      schema: content === undefined ? this.#schemas.read(node.schema) : (content.schema ?? true),
      mediaType: content?.type,
      examples: content === undefined ? this.#content.examples(node) : content.examples,
    })
  }

  #body(body: Located): Body {
    return defined<Body>({
      required: body.node.required === true,
      description: text(body.node.description),
      content: this.#content.content(body),
    })
  }

  #response(status: string, response: Located): Response {
    const known = this.#responsesAt.get(response.pointer) ?? this.#described(response)
    this.#responsesAt.set(response.pointer, known)
    return { status: /^[1-5]xx$/i.test(status) ? status.toUpperCase() : status, ...known }
  }

  #described(response: Located): Omit<Response, 'status'> {
    return defined<Omit<Response, 'status'>>({
      summary: text(response.node.summary),
      description: text(response.node.description) ?? '',
      headers: this.#content.headers(response),
      content: this.#content.content(response),
    })
  }
}

/** A `{name}` in the path that the document forgot to declare is still a required string. */
function withPathParameters(path: string, parameters: readonly Parameter[], pointer: string): Parameter[] {
  const known = new Set(parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name))
  const forgotten = [...path.matchAll(/\{([^{}]+)\}/g)]
    .map((match) => match[1] ?? '')
    .filter((name) => !known.has(name))
  return [
    ...parameters.filter((parameter) => parameter.in !== 'path' || path.includes(`{${parameter.name}}`)),
    ...[...new Set(forgotten)].map(
      (name): Parameter => ({
        name,
        in: 'path',
        pointer,
        required: true,
        deprecated: false,
        style: 'simple',
        explode: false,
        allowReserved: false,
        schema: { type: 'string' },
        examples: [],
      }),
    ),
  ]
}

function webhook(
  { node, pointer, method, parameters, body, responses }: RawOperation,
  name: string,
  id: string,
): Webhook {
  return defined<Webhook>({
    name,
    id,
    method,
    pointer,
    summary: text(node.summary),
    description: text(node.description),
    deprecated: node.deprecated === true,
    // A callback's "path" is an expression or a name: its braces are no parameters.
    parameters: parameters.filter((parameter) => parameter.pointer !== pointer),
    body,
    responses,
  })
}

export function servers(value: unknown): Server[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.filter(isObject).map((server) =>
    defined<Server>({
      name: text(server.name),
      url: text(server.url) ?? '/',
      description: text(server.description),
      variables: Object.fromEntries(
        Object.entries(isObject(server.variables) ? server.variables : {}).flatMap(([name, variable]) =>
          isObject(variable)
            ? [
                [
                  name,
                  defined<ServerVariable>({
                    default: String(variable.default ?? ''),
                    enum: Array.isArray(variable.enum) ? variable.enum.map(String) : undefined,
                    description: text(variable.description),
                  }),
                ],
              ]
            : [],
        ),
      ),
    }),
  )
}

const PLACES = ['path', 'query', 'header', 'cookie', 'querystring'] as const satisfies readonly Parameter['in'][]
