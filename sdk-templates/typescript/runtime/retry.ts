const FIRST = 500
const MOST = 8_000
/** Longer than this, a caller decides for itself. */
const PATIENCE = 60_000

const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'QUERY'])
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504])

/** RFC 9110 section 9.2.2. */
export function isIdempotent(method: string): boolean {
  return REPEATABLE.has(method)
}

/** Whether a status may be another one a little later. */
export function isPassing(status: number): boolean {
  return PASSING.has(status)
}

/**
 * How long to wait before another attempt, in milliseconds: as the server asks, else exponential with full jitter, so
 * that clients that failed together don't come back together. Undefined: the server asks for more than is reasonable.
 */
export function delay(attempt: number, retryAfter: number | undefined): number | undefined {
  if (retryAfter !== undefined) return retryAfter <= PATIENCE ? retryAfter : undefined
  return Math.random() * Math.min(MOST, FIRST * 2 ** attempt)
}

/** `Retry-After` (RFC 9110 section 10.2.3), seconds or a date, as milliseconds from now. */
export function retryAfter(headers: Headers): number | undefined {
  const value = headers.get('retry-after')?.trim()
  if (value === undefined || value === '') return undefined
  if (/^\d+$/.test(value)) return Number(value) * 1_000
  const date = Date.parse(value)
  // JavaScript reads a date into almost anything; an HTTP-date begins with the day of the week.
  if (Number.isNaN(date) || !/^[A-Z][a-z]{2}/.test(value)) return undefined
  const sent = Date.parse(headers.get('date') ?? '')
  return Math.max(0, date - (Number.isNaN(sent) ? Date.now() : sent))
}

/** Rejects with the signal's reason when it is aborted. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason)
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
