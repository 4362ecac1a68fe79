import type { ApiModel, Operation, Parameter } from '../model/api.ts'
import { bodyExamples, parameterExample } from './example.ts'
import type { Viewer } from './lens.ts'
import { isJson } from './media-type.ts'
import { flatten, types } from './schema-flat.ts'

/** What the form of Try it starts with. Plain data: it crosses to the browser. */
export interface TryForm {
  readonly api: string
  /** The operation's, in the model. */
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly fields: readonly TryField[]
  readonly body?: TryBody
  readonly scopes: readonly { readonly name: string; readonly title?: string }[]
  /** Scopes that are ticked at first. */
  readonly chosen: readonly string[]
  /** Whether a token is sent at first. */
  readonly token: boolean
}

export interface TryField {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly value: string
  /** Commas separate several values, each sent by itself. */
  readonly repeated: boolean
  /** A key that goes with the token, not a parameter of the operation. */
  readonly credential: boolean
}

export interface TryBody {
  readonly type: string
  /** `file`: the whole body is a file. `form`: members of a JSON object become parts. */
  readonly kind: 'json' | 'text' | 'form' | 'file'
  readonly value: string
  readonly required: boolean
}

export function tryForm(operation: Operation, model: ApiModel, viewer: Viewer): TryForm {
  const chosen = viewer.credentials === undefined ? tokenScopes(operation) : viewer.scopes
  const body = tryBody(operation, model)
  return {
    api: model.name,
    operation: operation.id,
    method: operation.method,
    path: operation.path,
    fields: [...parameterFields(operation, model), ...credentialFields(operation, model)],
    ...(body !== undefined && { body }),
    scopes: model.scopes.map(({ name, title }) => ({ name, ...(title !== undefined && { title }) })),
    chosen,
    token: viewer.lens.as !== 'anyone' && Object.values(model.schemes).some(({ token }) => token),
  }
}

function parameterFields(operation: Operation, model: ApiModel): TryField[] {
  return operation.parameters.flatMap((parameter): TryField[] => {
    const place = parameter.in
    if (place !== 'path' && place !== 'query' && place !== 'header') return []
    if (place === 'header' && /^(accept|content-type|authorization)$/i.test(parameter.name)) return []
    const value = parameter.required ? fieldText(parameterExample(parameter, model)) : ''
    const repeated = place === 'query' && parameter.explode && isList(parameter, model)
    return [{ name: parameter.name, in: place, required: parameter.required, value, repeated, credential: false }]
  })
}

function isList(parameter: Parameter, model: ApiModel): boolean {
  return types(flatten(parameter.schema, model.schemas)).includes('array')
}

/** Keys that some alternative takes besides, or instead of, a token. A browser can't set cookies for another's request. */
function credentialFields(operation: Operation, model: ApiModel): TryField[] {
  const names = new Set(
    operation.requirement.alternatives.flatMap((alternative) =>
      alternative.filter(({ token }) => !token).map(({ scheme }) => scheme),
    ),
  )
  return [...names].flatMap((name): TryField[] => {
    const scheme = Object.hasOwn(model.schemes, name) ? model.schemes[name] : undefined
    if (scheme?.type !== 'apiKey' || scheme.in === 'cookie' || scheme.parameter === undefined) return []
    return [
      {
        name: scheme.parameter,
        in: scheme.in ?? 'header',
        required: false,
        value: '',
        repeated: false,
        credential: true,
      },
    ]
  })
}

function tryBody({ body }: Operation, model: ApiModel): TryBody | undefined {
  const media = body?.content.find(({ type }) => isJson(type)) ?? body?.content[0]
  if (body === undefined || media === undefined) return undefined
  const { type } = media
  const example = bodyExamples(media, model)[0]?.value
  const common = { type, required: body.required }
  if (isJson(type)) return { ...common, kind: 'json', value: JSON.stringify(example ?? {}, null, 2) }
  if (/^(multipart\/|application\/x-www-form-urlencoded)/.test(type))
    return { ...common, kind: 'form', value: JSON.stringify(example ?? {}, null, 2) }
  if (/^(text\/|application\/xml)/.test(type)) return { ...common, kind: 'text', value: fieldText(example ?? '') }
  return { ...common, kind: 'file', value: '' }
}

/** What the first way in that takes a token asks for. */
function tokenScopes({ requirement }: Operation): string[] {
  const first = requirement.alternatives.find((alternative) => alternative.some(({ token }) => token)) ?? []
  return [...new Set(first.filter(({ token }) => token).flatMap(({ scopes }) => scopes))]
}

function fieldText(value: unknown): string {
  if (Array.isArray(value)) return value.map(fieldText).join(',')
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}
