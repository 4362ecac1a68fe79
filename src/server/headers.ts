import type { ServerResponse } from 'node:http'

/**
 * What every answer carries unless it says otherwise: a page sends a policy with the hashes of its own scripts and styles,
 * everything else may load nothing at all.
 */
export function setSecurityHeaders(response: ServerResponse, { https }: { https: boolean }): void {
  response.setHeader(
    'Content-Security-Policy',
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('X-Frame-Options', 'DENY')
  response.setHeader('Referrer-Policy', 'same-origin')
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=()')
  if (https) response.setHeader('Strict-Transport-Security', 'max-age=31536000')
}

export function sendJson(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  response.statusCode = status
  response.setHeader('Content-Type', type)
  response.end(JSON.stringify(body))
}

/** RFC 9457. */
export function sendProblem(response: ServerResponse, status: number, title: string, detail: string): void {
  sendJson(response, status, { type: 'about:blank', title, status, detail }, 'application/problem+json')
}
