import type { ApiModel, MediaType, Operation, Parameter, Scope } from '../model/api.ts'
import { isJson } from '../model/media-type.ts'
import { type Control, control } from './control.ts'
import { bodyValue, parameterExample } from './example.ts'
import type { Viewer } from './lens.ts'
import { isForm } from './media-type.ts'
import { type OwnValues, ownParameters } from './own-values.ts'
import { parameterKey } from './parameter-key.ts'
import { scopesTogether } from './withheld.ts'

/** What the form of Try it starts with. Plain data: it crosses to the browser. */
export interface TryForm {
  readonly api: string
  /** The operation's, in the model. */
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly parameters: readonly TryParameter[]
  /** Keys that some alternative takes besides, or instead of, a token. */
  readonly keys: readonly TryKey[]
  /** One per media type; none: the operation takes no body. */
  readonly bodies: readonly TryBody[]
  readonly bodyRequired: boolean
  readonly scopes: readonly { readonly name: string; readonly title?: string }[]
  /** Scopes that are ticked at first. */
  readonly chosen: readonly string[]
  /** Whether a token is sent at first. */
  readonly token: boolean
}

export interface TryParameter
  extends Pick<Parameter, 'name' | 'style' | 'explode' | 'allowReserved' | 'mediaType' | 'required'> {
  readonly in: 'path' | 'query' | 'header'
  readonly control: Control
  /** Filled in at first: what is required. */
  readonly value?: unknown
}

export interface TryKey {
  readonly name: string
  readonly in: 'query' | 'header'
}

export interface TryBody {
  readonly type: string
  /** `form`: members are parts, or pairs. `file`: the whole body is a file. */
  readonly kind: 'json' | 'text' | 'form' | 'file'
  readonly control: Control
  /** JSON; of kind `text` a string. */
  readonly value: unknown
  /** Content type by part, where the document says. */
  readonly parts: Readonly<Record<string, string>>
  /** How members of a form are written. */
  readonly encoding: MediaType['encoding']
}

export function tryForm(operation: Operation, model: ApiModel, viewer: Viewer, values: OwnValues): TryForm {
  const own = ownParameters(operation, model, values)
  const chosen = viewer.credentials === undefined ? tokenScopes(operation) : scopesTogether(operation, viewer)
  return {
    api: model.name,
    operation: operation.id,
    method: operation.method,
    path: operation.path,
    parameters: operation.parameters.flatMap((parameter) => tryParameter(parameter, model, own)),
    keys: keys(operation, model),
    bodies: operation.body?.content.map((media) => tryBody(media, model)) ?? [],
    bodyRequired: operation.body?.required ?? false,
    scopes: scopesByUse(operation, model, chosen).map(({ name, title }) => ({
      name,
      ...(title !== undefined && { title }),
    })),
    chosen,
    token: viewer.lens.as !== 'anyone' && Object.values(model.schemes).some(({ token }) => token),
  }
}

/** Of many, only the first are seen at once: those that are ticked, then those that the operation or its fields take. */
function scopesByUse({ requirement, fields }: Operation, { scopes }: ApiModel, chosen: readonly string[]): Scope[] {
  const taken = new Set(
    [...requirement.alternatives.flat(), ...fields.request, ...fields.response].flatMap((one) => one.scopes),
  )
  const use = ({ name }: Scope): number => (chosen.includes(name) ? 2 : 0) + (taken.has(name) ? 1 : 0)
  return scopes.toSorted((a, b) => use(b) - use(a))
}

/** A browser sets cookies, and a few headers, by itself. */
function tryParameter(parameter: Parameter, model: ApiModel, own: ReadonlyMap<string, unknown>): TryParameter[] {
  const { name, in: place, required, style, explode, allowReserved, mediaType } = parameter
  if (place !== 'path' && place !== 'query' && place !== 'header') return []
  if (place === 'header' && /^(accept|content-type|authorization)$/i.test(name)) return []
  return [
    {
      name,
      in: place,
      required,
      style,
      explode,
      allowReserved,
      ...(mediaType !== undefined && { mediaType }),
      control: control(parameter.schema, model),
      ...(required && { value: own.get(parameterKey(parameter)) ?? parameterExample(parameter, model) }),
    },
  ]
}

function keys(operation: Operation, model: ApiModel): TryKey[] {
  const names = new Set(
    operation.requirement.alternatives.flatMap((alternative) =>
      alternative.filter(({ token }) => !token).map(({ scheme }) => scheme),
    ),
  )
  return [...names].flatMap((name): TryKey[] => {
    const scheme = Object.hasOwn(model.schemes, name) ? model.schemes[name] : undefined
    if (scheme?.type !== 'apiKey' || scheme.in === 'cookie' || scheme.parameter === undefined) return []
    return [{ name: scheme.parameter, in: scheme.in ?? 'header' }]
  })
}

function tryBody(media: MediaType, model: ApiModel): TryBody {
  const { type, schema } = media
  const example = bodyValue(media, model)
  const parts = Object.fromEntries(
    Object.entries(media.encoding).flatMap(([name, { contentType }]) =>
      contentType === undefined ? [] : [[name, contentType]],
    ),
  )
  const common = { type, parts, encoding: media.encoding, control: control(schema, model) }
  if (isJson(type)) return { ...common, kind: 'json', value: example ?? {} }
  if (isForm(type)) return { ...common, kind: 'form', value: withoutFiles(example ?? {}, common.control) }
  if (/^(text\/|application\/xml)/.test(type) || /\+xml/.test(type))
    return { ...common, kind: 'text', value: typeof example === 'string' ? example : '' }
  return { ...common, kind: 'file', value: undefined }
}

/** A file is chosen by a person; what an example says in its place is no file. */
function withoutFiles(value: unknown, form: Control): unknown {
  if (form.kind !== 'object' || typeof value !== 'object' || value === null) return value
  const files = new Set(form.members.filter((member) => holdsFile(member.control)).map(({ name }) => name))
  return Object.fromEntries(Object.entries(value).filter(([name]) => !files.has(name)))
}

function holdsFile(form: Control): boolean {
  return form.kind === 'file' || (form.kind === 'list' && holdsFile(form.item))
}

/** What the first way in that takes a token asks for. */
function tokenScopes({ requirement }: Operation): string[] {
  const first = requirement.alternatives.find((alternative) => alternative.some(({ token }) => token)) ?? []
  return [...new Set(first.filter(({ token }) => token).flatMap(({ scopes }) => scopes))]
}
