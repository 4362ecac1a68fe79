import { type LensApp, lensQuery, parseLens, type Viewer, viewer } from '../../../docs/lens.ts'
import { type ApiLinks, apiLinks } from '../../../docs/links.ts'
import { plainAddress } from '../../../docs/plain-text.ts'
import type { ApiModel } from '../../../model/api.ts'
import { notFound, shareable } from '../../_visitor.ts'

/** What every page within an API starts from. */
export interface ApiView {
  readonly model: ApiModel
  readonly viewer: Viewer
  readonly apps: readonly LensApp[]
  readonly links: ApiLinks
}

interface Request {
  /** Of a page; an endpoint makes its own. */
  readonly response?: ResponseInit & { readonly headers: Headers }
  readonly params: Readonly<Record<string, string | undefined>>
  readonly locals: App.Locals
  readonly url: URL
}

/** The API, seen through the lens of the address; or the response that goes out in the place of a page. */
export async function openApi({ params, locals, url, response }: Request): Promise<ApiView | Response> {
  const { portal, person } = locals
  const model = portal.catalog.get(params.api ?? '', person)
  if (model === undefined) return notFound()
  const lens = parseLens(url.searchParams)
  if (url.searchParams.has('as') && !isCanonical(url)) return redirect(url)
  if (response !== undefined) {
    shareable({ response, locals })
    response.headers.append(
      'link',
      [
        `</apis/${model.name}/openapi.json>; rel="service-desc"; type="application/json"`,
        `</apis/${model.name}/openapi.yaml>; rel="service-desc"; type="application/yaml"`,
        `<${plainAddress(url.pathname)}>; rel="alternate"; type="text/markdown"`,
      ].join(', '),
    )
  }
  const apps = person === undefined ? [] : await portal.appsOf(person, lens.as === 'app' ? lens.app : undefined)
  const seen = viewer(lens, model, apps)
  return { model, viewer: seen, apps, links: apiLinks(model.name, seen.lens) }
}

/** A form sends more than a view needs: `as=everything`, scopes that are not meant, `as` twice. */
function isCanonical({ searchParams }: URL): boolean {
  const lens = parseLens(searchParams)
  if (searchParams.getAll('as').length > 1) return false
  // What nobody knows stays in the address that the page speaks of.
  if (lens.as === 'everything') return lens.unknown !== undefined
  return lens.as === 'scopes' || !searchParams.has('scope')
}

function redirect(url: URL): Response {
  const kept = [...url.searchParams].filter(([name]) => name !== 'as' && name !== 'scope')
  const location = url.pathname + lensQuery(parseLens(url.searchParams), Object.fromEntries(kept))
  return new Response(null, { status: 302, headers: { location } })
}

/** Of the reader's apps, the one whose client id stands in samples. */
export function ownApp({ apps, model }: Pick<ApiView, 'apps' | 'model'>): { readonly clientId?: string } {
  const own = apps.find(({ apis }) => apis.includes(model.name))
  return own === undefined ? {} : { clientId: own.id }
}
