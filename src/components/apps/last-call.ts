import type { App } from '../../apps/apps.ts'
import { firstCall as say } from '../../wording/wording.ts'

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

/** `Last call: 200 · GET /employees · people · Jun 30, 2027, 12:03:04 PM UTC` */
export function callInWords({ status, method, path, api, at }: LastCall): string {
  return say.last(status, `${method} ${path}`, api, at * 1000)
}
