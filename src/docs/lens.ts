import { ANONYMOUS, type Credentials, tokenCredentials } from '../access/credentials.ts'
import type { ApiModel } from '../model/api.ts'
import type { GrantContext } from '../policy/context.ts'
import type { EvaluatedPolicy } from '../policy/evaluate.ts'
import { type Prospect, type ProspectiveApp, prospect } from '../policy/prospect.ts'
import type { Inline } from '../wording/inline.ts'
import { lens as say } from '../wording/wording.ts'

/** Whom a page is seen as. Its only home is the URL, so that a view can be shared. */
export type Lens =
  | {
      readonly as: 'everything'
      /** What the address asks for in its place, and nobody knows. */
      readonly unknown?: string
    }
  | { readonly as: 'anyone' }
  | { readonly as: 'scopes'; readonly scopes: readonly string[] }
  | { readonly as: 'app'; readonly app: string }

export const EVERYTHING: Lens = { as: 'everything' }

/** More scopes than any document has is an attack on the page, not a view of it; so is a longer name. */
const MOST_SCOPES = 500
const LONGEST = 80

/** `?as=anyone`, `?as=scopes&scope=a&scope=b`, `?as=app:<client id>`; anything else is everything, and says so. */
export function parseLens(query: URLSearchParams): Lens {
  // A form's button overrules its menu: both are called `as`, and the button comes last.
  const as = query.getAll('as').at(-1) ?? (query.has('scope') ? 'scopes' : '')
  if (as === 'anyone') return { as }
  if (as === 'scopes') return { as, scopes: [...new Set(query.getAll('scope').filter(Boolean))].slice(0, MOST_SCOPES) }
  if (as.startsWith('app:') && as.length > 4) return { as: 'app', app: as.slice(4) }
  return as === '' || as === 'everything' ? EVERYTHING : { as: 'everything', unknown: shortened(as) }
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`
}

/** What a lens is in an address, or a form. Scopes come in order, so that one view has one address. */
export function lensPairs(lens: Lens): (readonly [name: 'as' | 'scope', value: string])[] {
  switch (lens.as) {
    case 'everything':
      return []
    case 'anyone':
      return [['as', 'anyone']]
    case 'app':
      return [['as', `app:${lens.app}`]]
    case 'scopes':
      return [['as', 'scopes'], ...[...lens.scopes].sort().map((scope) => ['scope', scope] as const)]
  }
}

/** The query of a lens, with its `?`; empty for everything. */
export function lensQuery(lens: Lens, more: Readonly<Record<string, string>> = {}): string {
  // `:` and `/` are legal in a query (RFC 3986 section 3.4), and scopes are full of them.
  const query = new URLSearchParams([...Object.entries(more), ...lensPairs(lens).map((pair) => [...pair])])
    .toString()
    .replaceAll('%3A', ':')
    .replaceAll('%2F', '/')
  return query === '' ? '' : `?${query}`
}

/** An app that can be looked through. */
export interface LensApp extends ProspectiveApp {
  readonly name: string
  readonly apis: readonly string[]
  readonly scopes: readonly string[]
  readonly disabled?: boolean
  /** By API, where the page is seen through this app: what it could be granted. */
  readonly policies?: ReadonlyMap<string, readonly EvaluatedPolicy[]>
  /** Where people sign in to the app, and the page is seen through it: the reader, as the policies would. */
  readonly signedIn?: NonNullable<GrantContext['user']> & { readonly name: string }
}

/** A lens, resolved against one API. */
export interface Viewer {
  /** As the lens was understood: an app that isn't the reader's is everything. */
  readonly lens: Lens
  /** The subject of a sentence: "Org chart". */
  readonly name: string
  /** Undefined: everything is shown, and no verdict is given. */
  readonly credentials?: Credentials
  /** Those of the lens; an app is registered for them, which isn't to say that its tokens hold them. */
  readonly scopes: readonly string[]
  /** Whether the policies could grant the app these scopes together. Undefined: nobody whom they would judge is looking. */
  readonly prospect?: (scopes: readonly string[]) => Prospect
  /** The scopes of each way into the calls by which fields are seen. Undefined: whatever the calls. */
  readonly ways?: () => readonly (readonly string[])[]
  /** Why the view is another than the address asks for, or one of nothing. */
  readonly problem?: readonly Inline[]
  /** What of the address means nothing here, beside a view that is as it asks. */
  readonly note?: readonly Inline[]
}

/** What of a lens could not be honoured, wherever that is asked. An app of someone else is one that doesn't exist. */
export function unknownLens(lens: Lens, apps: readonly LensApp[]): readonly Inline[] | undefined {
  if (lens.as === 'everything') return lens.unknown === undefined ? undefined : say.unknown(lens.unknown)
  if (lens.as !== 'app' || apps.some(({ id }) => id === lens.app)) return undefined
  return say.notYours(shortened(lens.app))
}

export function viewer(
  lens: Lens,
  model: Pick<ApiModel, 'name' | 'schemes' | 'scopes' | 'title'>,
  apps: readonly LensApp[],
): Viewer {
  if (lens.as === 'anyone') return { lens, name: say.subjects.anyone, credentials: ANONYMOUS, scopes: [] }
  if (lens.as === 'scopes') {
    const name = lens.scopes.length === 0 ? say.subjects.noScopes : say.subjects.scopes
    const strange = lens.scopes.filter((scope) => !model.scopes.some((declared) => declared.name === scope))
    return {
      ...{ lens, name, credentials: tokenCredentials(model, lens.scopes), scopes: lens.scopes },
      ...(strange.length > 0 && { note: say.noSuchScopes(strange.map(shortened), model.title) }),
    }
  }
  if (lens.as === 'app') {
    const app = apps.find(({ id }) => id === lens.app)
    if (app === undefined) return everything(unknownLens(lens, apps))
    // It gets no token for this API at all.
    const barred = app.disabled
      ? say.disabled(app.name)
      : app.apis.includes(model.name)
        ? undefined
        : say.notRegistered(app.name, model.title)
    if (barred !== undefined) return { lens, name: app.name, credentials: ANONYMOUS, scopes: [], problem: barred }
    const policies = app.policies?.get(model.name)
    const prospect = policies && prospects(policies, app, model.name)
    // A token holds none of the others, whatever the app is registered for.
    const grantable = app.scopes.filter((scope) => prospect?.([scope]).possible !== false)
    return {
      lens,
      name: nameOf(app),
      credentials: tokenCredentials(model, grantable),
      // Those of its other APIs mean nothing here.
      scopes: app.scopes.filter((scope) => model.scopes.some(({ name }) => name === scope)),
      ...(prospect !== undefined && { prospect }),
    }
  }
  return everything(unknownLens(lens, apps))
}

/** As whom several APIs are seen at once. Undefined: as nobody in particular. */
export function seenBy(lens: Lens, apps: readonly LensApp[]): readonly Inline[] | undefined {
  if (lens.as === 'anyone') return say.seenBy([say.seenByAnyone])
  if (lens.as === 'scopes') return say.seenBy(say.tokenWith(lens.scopes))
  const app = lens.as === 'app' ? apps.find(({ id }) => id === lens.app) : undefined
  return app && say.seenBy([nameOf(app)])
}

function nameOf({ name, signedIn }: LensApp): string {
  return signedIn === undefined ? name : say.subjects.signedIn(name, signedIn.name)
}

/** Who can call, or can't; undefined: anyone, of whom a sentence speaks in other words. */
export function subject({ lens, name }: Viewer): string | undefined {
  return lens.as === 'anyone' ? undefined : name
}

function everything(problem: Viewer['problem']): Viewer {
  const all = { lens: EVERYTHING, name: say.subjects.everything, scopes: [] }
  return problem === undefined ? all : { ...all, problem }
}

/** Asked once for each set of scopes: a page has many operations and few sets. */
function prospects(policies: readonly EvaluatedPolicy[], app: LensApp, api: string): NonNullable<Viewer['prospect']> {
  const known = new Map<string, Prospect>()
  return (scopes) => {
    const key = [...scopes].sort().join(' ')
    const answer = known.get(key) ?? prospect(policies, app, api, scopes, app.signedIn)
    known.set(key, answer)
    return answer
  }
}
