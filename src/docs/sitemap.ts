import type { ApiModel } from '../model/api.ts'
import { EVERYTHING } from './lens.ts'
import { apiLinks } from './links.ts'

/** The most that one sitemap may hold (sitemaps.org). */
const MOST_URLS = 50_000

/** `/sitemap.xml`: the sitemap of each API. */
export function sitemapIndex(models: readonly ApiModel[], publicUrl: string): string {
  const entries = models.map(({ name }) => `${publicUrl}${apiLinks(name, EVERYTHING).overview}/sitemap.xml`)
  return xml('sitemapindex', 'sitemap', entries)
}

/** The pages of one API. */
export function sitemap(model: ApiModel, guides: readonly string[], publicUrl: string): string {
  const links = apiLinks(model.name, EVERYTHING)
  const pages = [
    links.overview,
    links.sdks,
    ...(model.scopes.length > 0 ? [links.scopes] : []),
    ...guides.map(links.guide),
    ...model.operations.map(({ id }) => links.operation(id)),
    ...model.webhooks.map(({ id }) => links.webhook(id)),
    ...Object.keys(model.schemas).map(links.schema),
  ]
  return xml(
    'urlset',
    'url',
    pages.slice(0, MOST_URLS).map((path) => publicUrl + path),
  )
}

function xml(root: string, entry: string, urls: readonly string[]): string {
  const entries = urls.map(
    (url) => `<${entry}><loc>${url.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</loc></${entry}>\n`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${entries.join('')}</${root}>\n`
}
