import type { IncomingMessage, ServerResponse } from 'node:http'
import { checkDirectories } from './directories.ts'
import { EnvironmentError, readEnvironment } from './environment.ts'
import { openPortal } from './server.ts'

/** The part of Vite's development server that is used here. */
interface DevelopmentServer {
  readonly middlewares: {
    use(handler: (request: IncomingMessage, response: ServerResponse, next: () => void) => void): void
  }
  readonly config: { readonly server: { readonly port: number } }
}

const LOCALS = Symbol.for('astro.locals')

/** Puts the portal in front of `astro dev`: pages come from Vite, everything else from the same wiring as in production. */
export async function mountForDevelopment({ middlewares }: DevelopmentServer): Promise<void> {
  const environment = readEnvironment(process.env)
  const next = new WeakMap<IncomingMessage, () => void>()
  try {
    await checkDirectories(environment)
    const portal = await openPortal(environment, {
      ownOrigin: `http://127.0.0.1:${environment.port}`,
      say: (line) => process.stderr.write(`${line}\n`),
      pages: {
        version: undefined,
        assets: (_request, _response, pass) => pass(),
        render: async (request, response, locals) => {
          // Vite's own scripts are inline, and change with every edit.
          response.removeHeader('Content-Security-Policy')
          Reflect.set(request, LOCALS, locals)
          next.get(request)?.()
        },
      },
    })
    middlewares.use((request, response, pass) => {
      next.set(request, pass)
      void portal.handler(request, response)
    })
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(2)
  }
}
