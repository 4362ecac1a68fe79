import type { ApiModel } from '../model/api.ts'
import type { BrowserSandbox } from '../sandbox/browser.ts'

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
    audience: 'this sandbox',
  })
  return { model, sandbox }
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
  if (!response.ok) throw new Error(`the model of the API can’t be read (${response.status})`)
  return response.json()
}
