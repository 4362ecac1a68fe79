import { lookup as resolveName } from 'node:dns'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

export interface FetchLimits {
  /** Whether `http` is taken, for loopback addresses only: on one's own machine, never in production. */
  readonly loopback: boolean
  /** Default: 50 MB. */
  readonly bytes?: number
  /** For all of it, redirects included. Default: 20 s. */
  readonly milliseconds?: number
}

export interface Fetched {
  /** Where it was, after redirects. */
  readonly url: string
  readonly bytes: Uint8Array
}

/** Why an address wasn't read, in a sentence for whoever wrote it down. */
class GuardedFetchError extends Error {}

const MAX_REDIRECTS = 5

/**
 * Reads an address that a stranger named: of documents, of keys (`jwks_uri`). It speaks https, and connects to public
 * addresses only: names are resolved once, what they resolve to is looked at before anything connects, and that is what
 * it connects to, after each redirect anew.
 *
 * @throws {GuardedFetchError}
 */
export async function guardedFetch(address: string, limits: FetchLimits): Promise<Fetched> {
  const signal = AbortSignal.timeout(limits.milliseconds ?? 20_000)
  let url = checked(address, limits)
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await send(url, limits, signal)
    const { statusCode = 0, headers } = response
    if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
      response.destroy()
      if (!URL.canParse(headers.location, url)) throw new GuardedFetchError(`${url} redirects to no address.`)
      url = checked(new URL(headers.location, url).href, limits)
      continue
    }
    if (statusCode !== 200) {
      response.destroy()
      throw new GuardedFetchError(`${url} answered ${statusCode}.`)
    }
    return { url: url.href, bytes: await read(response, url, limits.bytes ?? 50_000_000, signal) }
  }
  throw new GuardedFetchError(`${address} redirects more than ${MAX_REDIRECTS} times.`)
}

/** Why an address would never be read, whatever answers there. What a name resolves to is seen when it is read. */
export function addressProblem(address: string, limits: FetchLimits): string | undefined {
  try {
    checked(address, limits)
    return undefined
  } catch (error) {
    if (error instanceof GuardedFetchError) return error.message
    throw error
  }
}

function checked(address: string, { loopback }: FetchLimits): URL {
  if (!URL.canParse(address)) throw new GuardedFetchError(`${address} is no address.`)
  const url = new URL(address)
  const local = loopback && isLoopback(url)
  if (url.protocol !== 'https:' && !(local && url.protocol === 'http:'))
    throw new GuardedFetchError(`${address} isn't https, which it must be.`)
  if (url.username !== '' || url.password !== '')
    throw new GuardedFetchError(`${url.host}: an address with a password in it isn't read.`)
  const ip = bare(url)
  if (isIP(ip) > 0 && !local && !isPublic(ip)) throw new GuardedFetchError(`${address} isn't a public address.`)
  return url
}

function send(url: URL, { loopback }: FetchLimits, signal: AbortSignal): Promise<IncomingMessage> {
  const allowed = loopback && isLoopback(url) ? (ip: string) => range(ip) === 'loopback' : isPublic
  // A server that compresses could send little that becomes much.
  const headers = {
    'Accept-Encoding': 'identity',
    Accept: 'application/json, application/yaml, */*',
    'User-Agent': 'Sallyport',
  }
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    request(url, { agent: false, headers, signal, lookup: lookupAllowed(allowed) })
      .once('response', resolve)
      .once('error', (error) => reject(failure(error, url, signal)))
      .end()
  })
}

/** Resolves a name, and hands on what it resolves to only if all of it is allowed. */
function lookupAllowed(allowed: (ip: string) => boolean): LookupFunction {
  return (name, options, callback) => {
    resolveName(name, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? []
      if (error !== null) callback(error, '', 0)
      else if (first === undefined || !addresses.every(({ address }) => allowed(address)))
        callback(new GuardedFetchError(`${name} isn't at a public address.`), '', 0)
      else if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

async function read(response: IncomingMessage, url: URL, most: number, signal: AbortSignal): Promise<Uint8Array> {
  if ((response.headers['content-encoding'] ?? 'identity') !== 'identity') {
    response.destroy()
    throw new GuardedFetchError(`${url} answered compressed, although it was asked not to.`)
  }
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > most) throw new GuardedFetchError(`${url} sends more than ${most / 1e6} MB.`)
      chunks.push(chunk)
    }
  } catch (error) {
    throw failure(error, url, signal)
  }
  return Buffer.concat(chunks)
}

function failure(error: unknown, url: URL, { aborted }: AbortSignal): GuardedFetchError {
  if (error instanceof GuardedFetchError) return error
  const { code, name } = error as NodeJS.ErrnoException
  return new GuardedFetchError(aborted ? `${url} takes too long.` : `${url} can't be read (${code ?? name}).`)
}

function isLoopback(url: URL): boolean {
  const host = bare(url)
  return host === 'localhost' || host.endsWith('.localhost') || (isIP(host) > 0 && range(host) === 'loopback')
}

/** Not of the special-purpose ranges of IANA's registries (RFC 6890): private, loopback, link-local, mapped and so on. */
function isPublic(ip: string): boolean {
  return range(ip) === 'unicast'
}

function range(ip: string): string {
  return ipaddr.process(ip).range()
}

/** Without the brackets of IPv6. */
function bare({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}
