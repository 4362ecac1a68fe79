import type { Body, Example, Header, MediaType, Parameter, Response, Server } from './api.ts'
import { type BundledDocument, defined, isObject, type Json, type Located, text } from './document.ts'
import { escapePointer } from './schema.ts'
import type { SchemaTable } from './schemas.ts'

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']

export interface RawOperation extends Located {
  readonly path: string
  readonly method: string
  readonly parameters: readonly Parameter[]
  readonly body?: Body
  /** Where the request body stands, through references. */
  readonly bodyPointer?: string
  readonly responses: readonly (Response & { readonly pointer: string })[]
  readonly servers?: readonly Server[]
}

/** Every operation below `paths` (or `webhooks`), with its references resolved down to named schemas. */
export class OperationReader {
  readonly #document: BundledDocument
  readonly #schemas: SchemaTable

  constructor(document: BundledDocument, schemas: SchemaTable) {
    this.#document = document
    this.#schemas = schemas
  }

  read(section: 'paths' | 'webhooks'): RawOperation[] {
    const root = { node: this.#document.root, pointer: '' }
    return this.#document.children(root, section).flatMap(({ key: path, value: item }) => {
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
    const responses = this.#document
      .children(value, 'responses')
      .filter(({ key }) => !key.startsWith('x-'))
      .map(({ key, value: response }) => this.#response(key, response))
    return defined<RawOperation>({
      ...value,
      path,
      method,
      parameters: this.#withPathParameters(path, parameters),
      body: body === undefined ? undefined : this.#body(body),
      bodyPointer: body?.pointer,
      responses,
      servers: servers(value.node.servers) ?? servers(item.node.servers),
    })
  }

  /** A `{name}` in the path that the document forgot to declare is still a required string. */
  #withPathParameters(path: string, parameters: readonly Parameter[]): Parameter[] {
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

  #parameters(parent: Located): Parameter[] {
    return this.#document.children(parent, 'parameters').flatMap(({ value: { node } }) => {
      const name = text(node.name)
      const place = PLACES.find((known) => known === node.in)
      if (name === undefined || place === undefined) return []
      const content = this.#content(node.content)[0]
      const style =
        STYLES.find((known) => known === node.style) ?? (place === 'query' || place === 'cookie' ? 'form' : 'simple')
      return [
        defined<Parameter>({
          name,
          in: place,
          required: place === 'path' || node.required === true,
          deprecated: node.deprecated === true,
          description: text(node.description),
          style,
          explode: typeof node.explode === 'boolean' ? node.explode : style === 'form',
          allowReserved: node.allowReserved === true,
          schema: content === undefined ? this.#schemas.read(node.schema) : (content.schema ?? true),
          mediaType: content?.type,
          examples: this.#examples(node),
        }),
      ]
    })
  }

  #body(body: Located): Body {
    return defined<Body>({
      required: body.node.required === true,
      description: text(body.node.description),
      content: this.#content(body.node.content),
    })
  }

  #response(status: string, { node, pointer }: Located): RawOperation['responses'][number] {
    return {
      status: /^[1-5]xx$/i.test(status) ? status.toUpperCase() : status,
      description: text(node.description) ?? '',
      headers: this.#headers({ node, pointer }),
      content: this.#content(node.content),
      pointer,
    }
  }

  #headers(response: Located): Header[] {
    return this.#document.children(response, 'headers').map(({ key, value: { node } }) =>
      defined<Header>({
        name: key,
        description: text(node.description),
        required: node.required === true,
        schema: this.#schemas.read(node.schema),
      }),
    )
  }

  #content(content: unknown): MediaType[] {
    if (!isObject(content)) return []
    return Object.entries(content).flatMap(([type, value]) => {
      const media = this.#document.locate(value, '')
      if (media === undefined) return []
      return [
        defined<MediaType>({
          type: type.toLowerCase().trim(),
          schema: media.node.schema === undefined ? undefined : this.#schemas.read(media.node.schema),
          itemSchema: media.node.itemSchema === undefined ? undefined : this.#schemas.read(media.node.itemSchema),
          examples: this.#examples(media.node),
          encoding: encodings(media.node.encoding),
        }),
      ]
    })
  }

  #examples(node: Json): Example[] {
    if (node.example !== undefined) return [{ name: 'example', value: node.example }]
    return this.#document.children({ node, pointer: '' }, 'examples').map(({ key, value: { node: example } }) =>
      defined<Example>({
        name: key,
        summary: text(example.summary),
        description: text(example.description),
        value: example.value ?? example.dataValue,
        externalValue: text(example.externalValue),
      }),
    )
  }
}

/** The pointer of a media type's schema below a body or response. */
export function schemaPointer(holder: string, mediaType: string): string {
  return `${holder}/content/${escapePointer(mediaType)}/schema`
}

export function servers(value: unknown): Server[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.filter(isObject).map((server) =>
    defined<Server>({
      url: text(server.url) ?? '/',
      description: text(server.description),
      variables: Object.fromEntries(
        Object.entries(isObject(server.variables) ? server.variables : {}).flatMap(([name, variable]) =>
          isObject(variable)
            ? [
                [
                  name,
                  {
                    default: String(variable.default ?? ''),
                    ...(Array.isArray(variable.enum) && { enum: variable.enum.map(String) }),
                  },
                ],
              ]
            : [],
        ),
      ),
    }),
  )
}

function encodings(value: unknown): MediaType['encoding'] {
  if (!isObject(value)) return {}
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, encoding]) =>
      isObject(encoding)
        ? [[name, defined<{ contentType?: string }>({ contentType: text(encoding.contentType) })]]
        : [],
    ),
  )
}

const PLACES = ['path', 'query', 'header', 'cookie', 'querystring'] as const satisfies readonly Parameter['in'][]
const STYLES = [
  'matrix',
  'label',
  'simple',
  'form',
  'spaceDelimited',
  'pipeDelimited',
  'deepObject',
] as const satisfies readonly Parameter['style'][]
