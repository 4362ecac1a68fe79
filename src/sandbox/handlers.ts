import { type HttpHandler, http } from 'msw/http'
import type { Sandbox } from './engine.ts'

/**
 * The sandbox as a handler of MSW: one that takes every call, since MSW tries handlers one by one.
 *
 * @param urlPattern what MSW is to hand over: `/sandbox/people/*`, or with an origin in front
 */
export function sandboxHandlers(sandbox: Sandbox, urlPattern: string): HttpHandler[] {
  return [http.all(urlPattern, ({ request }) => sandbox.fetch(request))]
}
