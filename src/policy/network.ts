import ipaddr from 'ipaddr.js'

/**
 * Whether `address` lies in `network` (CIDR, or a single address), IPv4 or IPv6. What can't be read lies nowhere: this
 * never throws, and a misspelt network opens nothing.
 */
export function inNetwork(address: string, network: string): boolean {
  const range = parseNetwork(network)
  return range !== undefined && inRange(parseAddress(address), range)
}

export type Address = ipaddr.IPv4 | ipaddr.IPv6
export type Range = [Address, number]

export function inRange(address: Address | undefined, range: Range): boolean {
  return address !== undefined && address.kind() === range[0].kind() && address.match(range)
}

/** An IPv4 address mapped into IPv6 (`::ffff:10.0.0.1`, as a dual-stack socket reports it) counts as IPv4. */
export function parseAddress(text: string): Address | undefined {
  // Only four decimal parts: `0x7f.1` or `010.0.0.1` mean different hosts to different readers.
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text)
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return undefined
  const address = ipaddr.IPv6.parse(text)
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address
}

export function parseNetwork(text: string): Range | undefined {
  const slash = text.indexOf('/')
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash))
  if (address === undefined) return undefined
  const bits = address.kind() === 'ipv4' ? 32 : 128
  if (slash < 0) return [address, bits]
  const prefix = text.slice(slash + 1)
  if (!/^(0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > bits) return undefined
  return [address, Number(prefix)]
}
