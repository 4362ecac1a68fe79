import type { Middleware, OutgoingRequest } from './middleware.ts'

/** Writes a line for each answer and each failure. Never a token, a body, a header or a query, which may be secret. */
export function logger(write: (line: string, details: Readonly<Record<string, unknown>>) => void): Middleware {
  const began = new WeakMap<OutgoingRequest, number>()
  const report = (request: OutgoingRequest, outcome: Readonly<Record<string, unknown>>): void => {
    const { operation, method, url, attempt } = request
    const [path] = url.split(/[?#]/, 1)
    const milliseconds = Math.round(performance.now() - (began.get(request) ?? performance.now()))
    write(`${method} ${path}`, { operation, attempt, milliseconds, ...outcome })
  }
  return {
    request: (request) => {
      began.set(request, performance.now())
    },
    response: ({ status, headers }, request) =>
      report(request, { status, requestId: headers.get('x-request-id') ?? undefined }),
    error: (error, request) => report(request, { error: error.name }),
  }
}
