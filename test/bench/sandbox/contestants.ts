import { join } from 'node:path'
import type { Measurement, Place } from '../bench.ts'
import { EXAMPLE, SENT } from './document.ts'
import { prepare } from './measure.ts'

type Prepared = Promise<() => Promise<Measurement>>

export function prepareOurs(place: Place): Prepared {
  return prepare(place, {
    command: (document, port) => ({
      args: ['src/cli/bin.mjs', 'sandbox', document, '--port', port, '--scopes', 'read write'],
      cwd: place.root,
    }),
    // It prints its token on a line of its own.
    token: (output) => /^[0-9a-f]{48}$/m.exec(output)?.[0] ?? '',
  })
}

/** Its log of each request is switched off: it would halve its speed. */
export function preparePrism(place: Place): Prepared {
  const bin = join(place.peers, 'node_modules/@stoplight/prism-cli/dist/index.js')
  return prepare(place, {
    command: (document, port) => ({
      args: [bin, 'mock', '-h', '127.0.0.1', '-p', port, '--verboseLevel', 'silent', document],
      cwd: place.peers,
    }),
    token: () => 'anything',
  })
}

/**
 * It is a library without a server of its own; this is how its documentation serves it. It asks requests for what is
 * required though read-only, and answers 422 without: so it is sent the id, too.
 */
export function prepareScalar(place: Place): Prepared {
  const program = `
    import { serve } from '@hono/node-server'
    import { createMockServer } from '@scalar/mock-server'
    const [document, port] = process.argv.slice(1)
    const { fetch } = await createMockServer({ document, logger: false })
    serve({ fetch, hostname: '127.0.0.1', port: Number(port) })`
  return prepare(place, {
    command: (document, port) => ({
      args: ['--input-type=module', '--eval', program, document, port],
      cwd: place.peers,
    }),
    token: () => 'anything',
    body: { ...SENT, id: EXAMPLE.id },
  })
}
