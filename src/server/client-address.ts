import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { inNetwork } from '../policy/network.ts'

/**
 * Whose request it is, for policies on networks, limits and the audit log: the last address in `X-Forwarded-For` that isn't a
 * proxy of ours, and only if the connection itself comes from one. What a stranger writes there counts for nothing.
 *
 * @param proxies addresses or networks (CIDR)
 */
export function clientAddress(proxies: readonly string[]): (request: IncomingMessage) => string | undefined {
  const isProxy = (address: string) => proxies.some((network) => inNetwork(address, network))
  return ({ socket, headers }) => {
    const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',')
    let address = socket.remoteAddress
    for (const hop of forwarded.split(',').reverse()) {
      if (address === undefined || !isProxy(address) || isIP(hop.trim()) === 0) break
      address = hop.trim()
    }
    return address
  }
}
