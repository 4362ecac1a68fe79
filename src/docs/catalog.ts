import type { ApiModel } from '../model/api.ts'
import { language } from '../wording/wording.ts'
import { EVERYTHING, type Lens, type LensApp, lensQuery, viewer } from './lens.ts'
import { excerpt } from './markdown.ts'
import { type Reach, reach } from './verdict.ts'

/** One card of the catalog: an API, or the versions of one. */
export interface CatalogCard {
  readonly key: string
  readonly title: string
  readonly summary?: string
  /** Of the newest version. */
  readonly tags: readonly string[]
  /** Newest first, those that aren't retired before those that are. */
  readonly versions: readonly CatalogVersion[]
}

export interface CatalogVersion {
  readonly api: string
  readonly version: string
  readonly lifecycle: ApiModel['lifecycle']
  readonly sunset?: string
  readonly owner?: string
  readonly operations: number
  /** Of whom it is seen as. Undefined: nobody in particular is looking. */
  readonly reach?: Reach
  readonly scopes: number
}

/** What of the catalog is shown; empty strings: whatever. */
export interface CatalogView {
  readonly tag: string
  readonly lifecycle: string
  /** Only what an app of the reader's can call something of. */
  readonly mine: boolean
}

export function catalogView(query: URLSearchParams): CatalogView {
  return { tag: query.get('tag') ?? '', lifecycle: query.get('lifecycle') ?? '', mine: query.has('mine') }
}

/** As whom APIs are seen. */
export interface CatalogLens {
  readonly lens: Lens
  readonly apps: readonly LensApp[]
}

/** The query of a view, with its `?`. */
export function catalogQuery({ tag }: Pick<CatalogView, 'tag'>, lens: Lens): string {
  return lensQuery(lens, { tag })
}

/** What there is to choose from. */
export function catalogChoices(models: readonly ApiModel[]): { tags: string[]; lifecycles: ApiModel['lifecycle'][] } {
  const tags = new Set(models.flatMap((model) => model.tags.map(({ name }) => name)))
  return {
    tags: [...tags].sort((a, b) => a.localeCompare(b, language)),
    lifecycles: [...new Set(models.map(({ lifecycle }) => lifecycle))],
  }
}

export function chosen(models: readonly ApiModel[], view: CatalogView, apps: readonly LensApp[]): ApiModel[] {
  return models.filter(
    (model) =>
      (view.tag === '' || model.tags.some(({ name }) => name === view.tag)) &&
      (view.lifecycle === '' || model.lifecycle === view.lifecycle) &&
      (!view.mine || apps.some((app) => opens(model, app))),
  )
}

function opens(model: ApiModel, app: LensApp): boolean {
  if (!app.apis.includes(model.name) || app.disabled) return false
  const { callable, unstated } = reach(model, viewer({ as: 'app', app: app.id }, model, [app]))
  return callable + unstated > 0
}

export function catalogCards(models: readonly ApiModel[], seen: CatalogLens = AS_NOBODY): CatalogCard[] {
  const families = new Map<string, ApiModel[]>()
  for (const model of models) {
    const key = model.family === undefined ? `api:${model.name}` : `family:${model.family}`
    families.set(key, [...(families.get(key) ?? []), model])
  }
  return [...families].map(([key, members]) => {
    const sorted = members.toSorted(newestFirst)
    const [lead] = sorted
    const summary = lead?.summary ?? excerpt(lead?.description)
    return {
      key,
      title: lead?.title ?? key,
      ...(summary !== undefined && { summary }),
      tags: lead?.tags.map(({ name }) => name) ?? [],
      versions: sorted.map((model) => versionOf(model, seen)),
    }
  })
}

const AS_NOBODY: CatalogLens = { lens: EVERYTHING, apps: [] }

function versionOf(model: ApiModel, { lens, apps }: CatalogLens): CatalogVersion {
  const seen = viewer(lens, model, apps)
  const { name, version, lifecycle, sunset, owner, operations, scopes } = model
  return {
    api: name,
    version,
    lifecycle,
    ...(sunset !== undefined && { sunset }),
    ...(owner !== undefined && { owner: owner.name }),
    operations: operations.length,
    ...(seen.credentials !== undefined && { reach: reach(model, seen) }),
    scopes: scopes.length,
  }
}

/** Whether any operation takes a scope, in any of its ways in. */
export function hasScopes({ operations }: Pick<ApiModel, 'operations'>): boolean {
  return operations.some(({ requirement }) =>
    requirement.alternatives.some((alternative) => alternative.some(({ scopes }) => scopes.length > 0)),
  )
}

/** Whether the document says of any operation who may call it. */
export function statesAccess({ operations }: Pick<ApiModel, 'operations'>): boolean {
  return operations.length === 0 || operations.some(({ requirement }) => requirement.stated)
}

/** The other versions of an API, as a card has them. */
export function otherVersions({ name, family }: ApiModel, models: readonly ApiModel[]): CatalogVersion[] {
  if (family === undefined) return []
  const others = models.filter((model) => model.family === family && model.name !== name)
  return others.sort(newestFirst).map((version) => versionOf(version, AS_NOBODY))
}

function newestFirst(a: ApiModel, b: ApiModel): number {
  const retired = Number(a.lifecycle === 'retired') - Number(b.lifecycle === 'retired')
  return retired || b.version.localeCompare(a.version, 'en', { numeric: true })
}
