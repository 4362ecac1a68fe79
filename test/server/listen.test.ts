import { networkInterfaces } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { listen } from '../../src/server/listen.ts'

const ipv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ family }) => family === 'IPv6'))

test.each(['127.0.0.1', '0.0.0.0', 'localhost', ...(ipv6 ? ['::1', '::'] : [])])(
  'listening on %s, the process reaches itself',
  async (host) => {
    const listening = await listen(
      (request, response) => void response.end(`${request.method} ${request.url}`),
      host,
      0,
    )
    onTestFinished(() => listening.stop())
    const response = await fetch(`${listening.origin}/oauth/token?a=b`, { method: 'POST' })
    expect(await response.text()).toBe('POST /oauth/token?a=b')
  },
)
