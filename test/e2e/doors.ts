import { glob } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Mounts } from '../../src/server/dispatch.ts'

type Door = Exclude<keyof Mounts, 'publicUrl' | 'failed' | 'pages'>

/** What the dispatcher hands requests to, pages aside, by addresses of each. A new one doesn't compile until it is named here. */
export const MOUNTS: Readonly<Record<Door, RegExp | { readonly silent: string }>> = {
  authorizationServer: /^\/oauth\/token$/,
  wellKnown: /^\/\.well-known\/oauth-authorization-server/,
  protectedResource: /^\/\.well-known\/oauth-protected-resource/,
  sandbox: /^\/sandbox\/vault/,
  enforce: /^\/enforce\/vault/,
  registry: /^\/npm\/@sallyport\/vault/,
  download: /^\/apis\/vault\/.*\.tgz/,
  signIn: { silent: 'it redirects to the authorization server and back' },
  externalSignIn: { silent: 'it redirects to another provider and back' },
  assets: { silent: 'they are built before any document is read' },
}

/** Pages that show no API to whoever comes by, with why. */
const SILENT: Readonly<Record<string, string>> = {
  '/404': 'the answer of every closed door',
  '/500': 'says that something went wrong',
  '/[...path]': 'the answer where there is no page',
  '/account': 'about oneself',
  '/account/consents': 'what oneself agreed to',
  '/apps/redirect-uri': 'judges an address',
  '/authorization': 'only the authorization server renders it, for one request',
  '/brand.css': 'portal.yaml',
  '/consent/[uid]': 'what one app asks of who signs in to it',
  '/device': 'redirects to the authorization server',
  '/logo': 'portal.yaml',
  '/password/[token]': 'takes a new password',
  '/robots.txt': 'names no API',
  '/sign-in/[uid]': 'names the app that asks',
  '/theme': 'takes a theme',
  '/try/callback': 'hands over an authorization response',
}

/** Every page that the router has, as Astro reads them off the files, but those that show no API. */
export async function pages(): Promise<{ readonly route: string; readonly pattern: RegExp }[]> {
  const routes: string[] = []
  for await (const file of glob('**/*.{astro,ts}', {
    cwd: fileURLToPath(new URL('../../src/pages/', import.meta.url)),
  }))
    if (!/(^|\/)_/.test(file)) routes.push(`/${file.replace(/\.(astro|ts)$/, '').replace(/(^|\/)index$/, '')}`)
  const unknown = Object.keys(SILENT).filter((route) => !routes.includes(route))
  if (unknown.length > 0) throw new Error(`There is no page ${unknown.join(', ')} any more.`)
  return routes
    .filter((route) => !Object.hasOwn(SILENT, route))
    .map((route) => ({
      route,
      pattern: new RegExp(`^${route.replace(/[.]/g, '\\.').replace(/\\?\[\w+\]/g, '[^/]+')}$`),
    }))
}
