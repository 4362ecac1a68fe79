import ipaddr from 'ipaddr.js'
import type { Limit } from '../store/limits.ts'

/** Wrong codes of devices, by address (RFC 8628, section 5.1). */
export const DEVICE_CODES: Limit = { times: 20, seconds: 600 }
/** Seconds between two requests of a device for its tokens (RFC 8628, section 3.2). */
export const POLLING = 5
/** A second less: on their way, some requests come closer to the one before. */
export const DEVICE_POLLS: Limit = { times: 1, seconds: POLLING - 1 }
/** Apps registered without an initial access token, by address, and how many of them there may be. */
export const ANONYMOUS_APPS: Limit & { readonly all: number } = { times: 10, seconds: 3600, all: 1000 }
/** Wrong passwords for one account from one address. */
export const PASSWORDS: Limit = { times: 10, seconds: 900 }
/**
 * Likewise from all addresses of one IPv6 network (a /64): a guest in it has but one, whoever means harm as many as there are.
 */
export const PASSWORDS_OF_NETWORK: Limit = { times: 50, seconds: 900 }
/** Wrong passwords from one address or network, for whatever account. */
export const PASSWORDS_OF_ADDRESS: Limit = { times: 100, seconds: 900 }

/** Of those who were stopped, one is written down in so many seconds: they don't fill the audit log. */
export const STOPPED: Limit = { times: 1, seconds: 900 }

/** Whoever has an IPv6 address has 2^64 of them. */
export function limitedAddress(address: string | undefined): string {
  if (address === undefined || !ipaddr.IPv6.isValid(address)) return address ?? 'nowhere'
  const parsed = ipaddr.IPv6.parse(address)
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString()
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}
