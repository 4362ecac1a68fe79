import { clock, tryAnswer as say } from '../wording/wording.ts'
import type { PastCall } from './history.ts'

interface Props {
  readonly calls: readonly PastCall[]
  readonly onChoose: (call: PastCall) => void
}

/** Calls of this tab: choosing one fills it in again. */
export function Past({ calls, onChoose }: Props) {
  if (calls.length === 0) return null
  return (
    <details className="past">
      <summary>{say.past(calls.length)}</summary>
      <ol>
        {calls.map((call) => (
          <li key={call.at}>
            <time className="muted small" dateTime={new Date(call.at).toISOString()}>
              {clock(call.at)}
            </time>
            <code>{call.status}</code>
            <button className="button bare small" type="button" onClick={() => onChoose(call)}>
              <code>{call.path}</code>
            </button>
          </li>
        ))}
      </ol>
    </details>
  )
}
