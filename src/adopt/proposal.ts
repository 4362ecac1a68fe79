import type { ApiModel, Operation } from '../model/api.ts'
import { BundledDocument, isObject, type Json } from '../model/document.ts'
import { type SensitiveField, sensitiveFields } from './fields.ts'
import { endsInVerbs, levelOf, openTo } from './level.ts'
import { resourcesOf } from './resource.ts'
import { chooseScheme, type NewScheme, securityWith } from './security.ts'
import { SENSITIVITIES } from './sensitive.ts'
import { targetOf } from './target.ts'

export interface AdoptSource {
  /** As compiled, with what `overlay.yaml` and `access.yaml` say today. */
  readonly model: ApiModel
  readonly document: Json
  /** Targets that were proposed before: what of it isn't there any more was declined. */
  readonly offered: ReadonlySet<string>
}

/** What `sallyport adopt` would add to an API. Empty lists: there is nothing to add. */
export interface Proposal {
  /** A security scheme, where the document has none that a token stands for. */
  readonly scheme?: NewScheme
  readonly scopes: readonly ProposedScope[]
  readonly operations: readonly ProposedOperation[]
  readonly fields: readonly ProposedField[]
  /** What was looked at and is not proposed, and why. */
  readonly leftAlone: readonly LeftAlone[]
}

/** One that neither the document nor `access.yaml` declares yet. */
export interface ProposedScope {
  readonly name: string
  readonly title: string
  readonly operations: number
  readonly fields: number
}

export interface ProposedOperation {
  /** JSONPath of the overlay's action. */
  readonly target: string
  /** `GET /orders/{id}` */
  readonly operation: string
  /** Empty: open to anyone. */
  readonly scopes: readonly string[]
  readonly reason: string
  /** The whole of its `security`. */
  readonly security: readonly Json[]
  /** Its own `security` has to go first: an overlay adds to lists. */
  readonly replaces: boolean
}

export interface ProposedField {
  readonly target: string
  /** `Employee.salary` */
  readonly field: string
  readonly scopes: readonly string[]
  readonly reason: string
}

export interface LeftAlone {
  readonly what: string
  readonly reason: string
}

/** Proposes scopes for what has none: operations by resource and effect, fields by what their names give away. */
export function propose(source: AdoptSource): Proposal {
  const { model, offered } = source
  const document = new BundledDocument(source.document)
  const isNew = ({ target }: { readonly target: string }): boolean => !offered.has(target)
  const scheme = chooseScheme(model)
  const { operations, leftAlone } = proposeOperations(source, document, scheme.name)
  const found = sensitiveFields(document, model.operations)
  const added = { operations: operations.filter(isNew), fields: proposeFields(found, model).filter(isNew) }
  return {
    ...(scheme.added !== undefined &&
      added.operations.some(({ scopes }) => scopes.length > 0) && { scheme: scheme.added }),
    scopes: proposeScopes(model, added),
    ...added,
    leftAlone: [
      ...leftAlone,
      ...found.flatMap(({ name, owner, obstacle }) =>
        obstacle === undefined ? [] : [{ what: `${owner}.${name}`, reason: `Sensitive, but ${obstacle}.` }],
      ),
    ],
  }
}

function proposeOperations({ model }: AdoptSource, document: BundledDocument, scheme: string) {
  const resources = resourcesOf(model.operations, model.name)
  const verbs = endsInVerbs(model.operations)
  const vocabulary = scopesInUse(model, resources, verbs)
  const operations = new Map<string, ProposedOperation>()
  const leftAlone: LeftAlone[] = []
  for (const operation of model.operations) {
    const { method, path, pointer, requirement } = operation
    const what = `${method} ${path}`
    if (scopesOf(operation).size > 0) continue
    if (requirement.stated && requirement.alternatives.some((alternative) => alternative.length === 0)) {
      leftAlone.push({ what, reason: 'The document says that anyone may call it.' })
      continue
    }
    const open = openTo(operation)
    if (open !== undefined && requirement.stated) {
      leftAlone.push({ what, reason: `${open} What the document asks for stays.` })
      continue
    }
    const own = document.at(pointer)
    const target = targetOf(pointer, model.sourceVersion)
    // One path item may stand for several paths.
    if (operations.has(target)) continue
    const common = { target, operation: what, replaces: isObject(own) && Array.isArray(own.security) }
    if (open !== undefined) {
      operations.set(target, { ...common, scopes: [], reason: open, security: [] })
      continue
    }
    const { level, reason } = levelOf(operation, { verbs })
    const resource = resources.get(operation) ?? model.name
    const [name = `${resource}:${level}`] = vocabulary.get(`${resource}:${level}`) ?? []
    const stated = isObject(own) && Array.isArray(own.security) ? own.security : document.root.security
    const security = securityWith(stated, { scope: name, scheme, schemes: model.schemes })
    operations.set(target, { ...common, scopes: [name], reason, security })
  }
  return { operations: [...operations.values()], leftAlone }
}

/** What a resource's scopes are called already, where they are called one thing: `orders:read` → `orders.view`. */
function scopesInUse(
  model: ApiModel,
  resources: ReadonlyMap<Operation, string>,
  verbs: boolean,
): Map<string, readonly string[]> {
  const used = new Map<string, Set<string>>()
  for (const operation of model.operations) {
    const scopes = scopesOf(operation)
    if (scopes.size !== 1) continue
    const key = `${resources.get(operation)}:${levelOf(operation, { verbs }).level}`
    used.set(key, new Set([...(used.get(key) ?? []), ...scopes]))
  }
  return new Map([...used].flatMap(([key, names]) => (names.size === 1 ? [[key, [...names]] as const] : [])))
}

function scopesOf({ requirement }: Operation): Set<string> {
  return new Set(requirement.alternatives.flatMap((alternative) => alternative.flatMap(({ scopes }) => scopes)))
}

function proposeFields(found: readonly SensitiveField[], { sourceVersion }: ApiModel): ProposedField[] {
  const fields = found.flatMap(({ pointer, name, owner, sensitivity, obstacle }): ProposedField[] => {
    if (obstacle !== undefined) return []
    const target = targetOf(pointer, sourceVersion)
    return [{ target, field: `${owner}.${name}`, scopes: [sensitivity.scope], reason: sensitivity.reason }]
  })
  // Swagger 2.0 has one schema for all media types.
  return [...new Map(fields.map((field) => [field.target, field])).values()]
}

const VERBS: Readonly<Record<string, string>> = { read: 'See', write: 'Change', admin: 'Administer' }

function proposeScopes(
  model: ApiModel,
  { operations, fields }: Pick<Proposal, 'operations' | 'fields'>,
): ProposedScope[] {
  const declared = new Set(model.scopes.filter((scope) => scope.declared).map(({ name }) => name))
  const names = new Set([...operations, ...fields].flatMap(({ scopes }) => scopes))
  return [...names]
    .filter((name) => !declared.has(name))
    .map((name) => ({
      name,
      title: titleOf(name),
      operations: operations.filter(({ scopes }) => scopes.includes(name)).length,
      fields: fields.filter(({ scopes }) => scopes.includes(name)).length,
    }))
}

function titleOf(scope: string): string {
  const sensitivity = SENSITIVITIES.find((one) => one.scope === scope)
  if (sensitivity !== undefined) return sensitivity.title
  const [resource = scope, level = ''] = scope.split(':')
  const verb = Object.hasOwn(VERBS, level) ? VERBS[level] : undefined
  return verb === undefined ? scope : `${verb} ${resource.replaceAll('-', ' ')}`
}
