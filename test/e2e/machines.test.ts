import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FILE_NAMES, fileSchema } from '../../src/spec/file-schemas.ts'
import { Portal } from './portal.ts'

describe('what machines read', () => {
  let portal: Portal

  beforeAll(async () => {
    portal = await Portal.start()
  })

  afterAll(() => portal?.destroy())

  const get = (path: string): Promise<Response> => fetch(portal.url + path, { redirect: 'manual' })

  test('the schema of each file that publishers write, and of nothing else', async () => {
    for (const name of FILE_NAMES) {
      const response = await get(`/schemas/${name}.json`)
      expect([name, response.status, response.headers.get('content-type')]).toEqual([
        name,
        200,
        expect.stringMatching(/^application\/(schema\+)?json/),
      ])
      expect(await response.json()).toEqual(JSON.parse(JSON.stringify(fileSchema(name))))
    }
    for (const name of ['nothing', '__proto__', '..%2faccess'])
      expect((await get(`/schemas/${name}.json`)).status).toBe(404)
  })

  test.each([
    '/',
    '/apis',
    '/apis/publishing',
    '/apis/publishing/operations/createArticle',
    '/apis/publishing/schemas/Comment',
    '/apis/publishing/webhooks/articlePublished',
    '/apis/publishing/scopes',
    '/apis/publishing/sdks',
    '/apis/people/guides/getting-started',
  ])('%s has a twin in Markdown, and says what it is', async (path) => {
    const twin = await get(path === '/' ? '/index.md' : `${path}.md`)
    expect([twin.status, twin.headers.get('content-type')]).toEqual([200, 'text/markdown; charset=utf-8'])
    expect(await twin.text()).toMatch(/^# \S/)
    const page = await get(path)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const html = await page.text()
    for (const property of ['og:title', 'og:type', 'og:url', 'og:site_name'])
      expect(html, property).toContain(`<meta property="${property}" content="`)
    expect(html).toContain(`<meta property="og:url" content="${portal.url}${path}"`)
    // RFC 8631.
    if (/^\/apis\/./.test(path)) {
      const link = page.headers.get('link') ?? ''
      const description = /<([^>]+)>; rel="service-desc"; type="application\/json"/.exec(link)?.[1] ?? ''
      expect(await (await get(description)).json()).toMatchObject({ openapi: expect.stringMatching(/^3\.1/) })
      expect(link).toContain(`<${path}.md>; rel="alternate"; type="text/markdown"`)
    }
  })

  test.each(['people', 'publishing'])('the guides of %s name this portal, and no other', async (api) => {
    const text = await (await get(`/apis/${api}/guides/getting-started.md`)).text()
    expect(text).toContain(`${portal.url}/oauth/token`)
    expect(text).toContain(`resource=${portal.url}/sandbox/${api} `)
    expect(text.match(/http:\/\/localhost(:\d+)?/g)?.filter((address) => address !== portal.url)).toEqual([])
    const whole = await (await get(`/apis/${api}/llms-full.txt`)).text()
    expect(whole).not.toContain('PUBLIC_URL')
  })

  test('everything of an API in one answer, and not again while it is as it was', async () => {
    const address = `${portal.url}/apis/people/llms-full.txt`
    const whole = await fetch(address, { headers: { 'accept-encoding': 'br' } })
    expect([whole.status, whole.headers.get('content-encoding')]).toEqual([200, 'br'])
    const text = await whole.text()
    for (const heading of ['# People', '# GET /employees/{id}', '# Employee', '# Getting started with People'])
      expect(text).toContain(`${heading}\n`)
    const etag = whole.headers.get('etag') ?? ''
    const again = await fetch(address, { headers: { 'if-none-match': etag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
    const asAnyone = await fetch(`${address}?as=anyone`, { headers: { 'if-none-match': etag } })
    expect([asAnyone.status, (await asAnyone.text()) === text]).toEqual([200, false])
  })

  test('every page of the sitemaps is there', async () => {
    const places = async (path: string): Promise<string[]> =>
      [...(await (await get(path)).text()).matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, place = '']) =>
        place.replace(portal.url, ''),
      )
    const sitemaps = await places('/sitemap.xml')
    expect(sitemaps).toEqual(['/apis/people/sitemap.xml', '/apis/publishing/sitemap.xml'])
    const pages = await places('/apis/publishing/sitemap.xml')
    expect(pages).toContain('/apis/publishing/webhooks/articlePublished')
    for (const page of pages) expect((await get(page)).status, page).toBe(200)
  })
})
