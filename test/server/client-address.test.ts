import type { IncomingMessage } from 'node:http'
import { expect, it } from 'vitest'
import { clientAddress } from '../../src/server/client-address.ts'

function request(remoteAddress: string, forwarded?: string): IncomingMessage {
  return { socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } } as unknown as IncomingMessage
}

it.each([
  ['nobody in front', [], '203.0.113.7', '1.1.1.1', '203.0.113.7'],
  ['a proxy of ours', ['10.0.0.0/8'], '10.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['two proxies of ours', ['10.0.0.0/8', '192.0.2.1'], '10.0.0.1', '203.0.113.7, 192.0.2.1', '203.0.113.7'],
  ['a stranger that claims more', ['10.0.0.0/8'], '10.0.0.1', '127.0.0.1, 203.0.113.7', '203.0.113.7'],
  ['a stranger that poses as a proxy', ['10.0.0.0/8'], '203.0.113.7', '10.0.0.5', '203.0.113.7'],
  ['an address mapped into IPv6', ['10.0.0.0/8'], '::ffff:10.0.0.1', '2001:db8::5', '2001:db8::5'],
  ['what is no address', ['10.0.0.0/8'], '10.0.0.1', 'unknown', '10.0.0.1'],
  ['nothing forwarded', ['10.0.0.0/8'], '10.0.0.1', undefined, '10.0.0.1'],
])('%s', (_, proxies, socket, forwarded, expected) => {
  expect(clientAddress(proxies)(request(socket, forwarded))).toBe(expected)
})
