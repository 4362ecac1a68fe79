import { compactVerify, decodeProtectedHeader, importJWK, type JWK } from 'jose'

/** How what an app names is read: guarded, for the address is a stranger's. */
export interface RemoteKeys {
  /** Why an address would never be read, in words for whoever registers it. */
  problem(address: string): string | undefined
  read(address: string): Promise<Uint8Array>
}

/** Milliseconds for which what was read counts, and for which an address that failed is left alone. */
const FRESH = 30_000
const FAILED = 10_000
/** Addresses that are remembered: far more than apps that sign at the same time, far less than would be felt. */
const MOST = 500
/** Keys of one set: each is tried, and trying costs. */
const MOST_KEYS = 20

interface Reading {
  until: number
  readonly bytes: Promise<Uint8Array>
}

export type ClientKeys = ReturnType<typeof clientKeysBy>

/**
 * The keys that apps publish at an address of theirs (`jwks_uri`, RFC 7591, section 2). However often a client, or someone who
 * poses as one, presents an assertion, an address is asked once in a while, and by one request at a time.
 */
export function clientKeysBy({ problem, read }: RemoteKeys, failed: (reason: string) => void) {
  const readings = new Map<string, Reading>()

  function bytesAt(address: string): Promise<Uint8Array> {
    const known = readings.get(address)
    if (known !== undefined && known.until > Date.now()) return known.bytes
    readings.delete(address)
    const [oldest] = readings.keys()
    if (readings.size >= MOST && oldest !== undefined) readings.delete(oldest)
    const reading: Reading = { until: Date.now() + FRESH, bytes: read(address) }
    readings.set(address, reading)
    reading.bytes.catch((error: unknown) => {
      reading.until = Date.now() + FAILED
      failed(error instanceof Error ? error.message : String(error))
    })
    return reading.bytes
  }

  return {
    problem,

    /** As the library reads: it keeps what it got for another minute, and asks again where no key of it fits. */
    fetch: async (address: string | URL): Promise<Response> =>
      new Response(Buffer.from(await bytesAt(String(address))), {
        headers: { 'content-type': 'application/jwk-set+json' },
      }),

    /** The library never asks again while a key fits. One that the app took back must not fit for long. */
    async isSignedNow(assertion: string, address: string): Promise<boolean> {
      const keys = keysIn(Buffer.from(await bytesAt(address)).toString())
      for (const key of keys) if (await fits(assertion, key)) return true
      return false
    },
  }
}

function keysIn(text: string): JWK[] {
  const parsed: unknown = JSON.parse(text)
  const keys = typeof parsed === 'object' && parsed !== null && 'keys' in parsed ? parsed.keys : undefined
  return Array.isArray(keys) ? keys.slice(0, MOST_KEYS) : []
}

/** Whatever the reason is for which a key verifies nothing. */
function fits(assertion: string, key: JWK): Promise<boolean> {
  const verified = async (): Promise<boolean> => {
    const imported = await importJWK(key, decodeProtectedHeader(assertion).alg)
    // Who can read a symmetric or a private key there can sign with it.
    if (imported instanceof Uint8Array || imported.type !== 'public') return false
    await compactVerify(assertion, imported)
    return true
  }
  return verified().catch(() => false)
}
