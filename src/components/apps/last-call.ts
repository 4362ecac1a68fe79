import type { App } from '../../apps/apps.ts'

export type LastCall = NonNullable<App['lastCall']>

/** What the app's page polls. Seconds since the epoch. */
export interface CallReport {
  readonly lastCall: LastCall | null
}

/** How the last call ended: it went through, access was refused, or something else was wrong with it. */
export function callState(call: LastCall | undefined): 'waiting' | 'open' | 'shut' | 'other' {
  if (call === undefined) return 'waiting'
  if (call.status >= 200 && call.status < 400) return 'open'
  return call.status === 401 || call.status === 403 ? 'shut' : 'other'
}

/** `200 · GET /employees · people · 12:03:04 UTC` */
export function callInWords({ status, method, path, api, at }: LastCall): string {
  const time = new Date(at * 1000).toISOString()
  return `${status} · ${method} ${path} · ${api} · ${time.slice(0, 10)} ${time.slice(11, 19)} UTC`
}
