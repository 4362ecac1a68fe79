import type { PastCall } from './history.ts'

interface Props {
  readonly calls: readonly PastCall[]
  readonly onChoose: (call: PastCall) => void
}

const TIME = new Intl.DateTimeFormat('en', { timeStyle: 'medium' })

/** Calls of this tab: choosing one fills it in again. */
export function Past({ calls, onChoose }: Props) {
  if (calls.length === 0) return null
  return (
    <details className="past">
      <summary>Calls in this tab: {calls.length}</summary>
      <ol>
        {calls.map((call) => (
          <li key={call.at}>
            <time className="muted small" dateTime={new Date(call.at).toISOString()}>
              {TIME.format(call.at)}
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
