import { requestLink } from '../docs/links.ts'
import type { ApiModel } from '../model/api.ts'
import type { BrowserSandbox } from '../sandbox/browser.ts'
import type { Counsel, Denied } from '../sandbox/denial.ts'
import { tryAnswer, tryIt } from '../wording/wording.ts'
import { cast, type Persona } from './caller.ts'

/** The API, simulated in this page. It keeps its world as long as the page is open. */
export interface BrowserWorld {
  readonly model: ApiModel
  readonly sandbox: BrowserSandbox
}

/** As `/apis/{api}/model.json` gives it. */
interface ModelFile {
  readonly model: ApiModel
  readonly seed: Readonly<Record<string, readonly unknown[]>>
}

let file: Promise<ModelFile> | undefined
let world: Promise<BrowserWorld> | undefined
let played: Persona | undefined

/** Whose tokens are sent from now on: what the policies would give them is asked when they are denied. */
export function play(persona: Persona | undefined): void {
  played = persona
}

/** The model of the page's API, fetched once. */
export async function modelOf(modelUrl: string): Promise<ApiModel> {
  return (await modelFile(modelUrl)).model
}

/** Started by the first who sends something: its size is only paid for then. */
export function browserWorld(modelUrl: string): Promise<BrowserWorld> {
  world ??= open(modelUrl).catch((error: unknown) => {
    world = undefined
    throw error
  })
  return world
}

/**
 * Calls the sandbox on the server, though this page's own may stand at the same address: its service worker takes the mark
 * off again and lets the request out to the network.
 */
export function fetchFromServer(url: string, { headers, ...init }: RequestInit = {}): Promise<Response> {
  const sent = new Headers(headers)
  if (world !== undefined) sent.append('accept', '*/*, msw/passthrough')
  return fetch(url, { ...init, headers: sent })
}

export function sandboxPath(api: string): string {
  return `/sandbox/${api}`
}

async function open(modelUrl: string): Promise<BrowserWorld> {
  const { model, seed } = await modelFile(modelUrl)
  // Nothing that a server could load.
  const { startBrowserSandbox } = await import('../sandbox/browser.ts')
  const sandbox = await startBrowserSandbox({
    model,
    data: seed,
    basePath: sandboxPath(model.name),
    audience: tryIt.thisSandbox,
    counsel: (denied) => counsel(model.name, denied),
  })
  return { model, sandbox }
}

/** Links as the portal does; policies are the portal's to know, and only matter where a persona is played. */
async function counsel(api: string, { ways: [way] }: Denied): Promise<Counsel> {
  const link = location.origin + requestLink(api, way?.missing ?? [])
  if (played === undefined || way === undefined) return { link }
  const casting = await cast(api, played, way.asked)
  if (!casting.granted) return { link, policy: casting }
  const { policy, rule, less } = casting
  if (less !== undefined) return { link, policy: { granted: false, reason: less } }
  return { link, policy: { granted: true, policy, rule, further: way.missing } }
}

function modelFile(modelUrl: string): Promise<ModelFile> {
  file ??= read(modelUrl).catch((error: unknown) => {
    file = undefined
    throw error
  })
  return file
}

async function read(modelUrl: string): Promise<ModelFile> {
  const response = await fetch(modelUrl)
  if (!response.ok) throw new Error(tryAnswer.noModel(response.status))
  return response.json()
}
