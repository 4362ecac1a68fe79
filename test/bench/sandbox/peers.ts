import { join } from 'node:path'
import type { Measurement, Place } from '../bench.ts'
import { freePort } from '../process.ts'
import { measure } from './call.ts'

type Round = () => Promise<Measurement>

/** Its log of each request is switched off: it would halve its speed. */
export async function preparePrism({ root, peers }: Place): Promise<Round> {
  const bin = join(peers, 'node_modules/@stoplight/prism-cli/dist/index.js')
  const document = join(root, 'specs/people/openapi.yaml')
  return serve(peers, (port) => [bin, 'mock', '-h', '127.0.0.1', '-p', port, '--verboseLevel', 'silent', document])
}

/** It is a library without a server of its own; this is how its documentation serves it. */
export async function prepareScalar({ root, peers }: Place): Promise<Round> {
  const document = join(root, 'specs/people/openapi.yaml')
  const program = `
    import { serve } from '@hono/node-server'
    import { createMockServer } from '@scalar/mock-server'
    const [document, port] = process.argv.slice(1)
    const { fetch } = await createMockServer({ document, logger: false })
    serve({ fetch, hostname: '127.0.0.1', port: Number(port) })`
  return serve(peers, (port) => ['--input-type=module', '--eval', program, document, port])
}

function serve(cwd: string, args: (port: string) => string[]): Round {
  return async () => {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    return measure({ args: args(String(port)), cwd, ready: `${url}/health` }, url, () => 'anything')
  }
}
