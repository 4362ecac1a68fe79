import { useEffect, useState } from 'react'
import type { LoggedCall } from '../sandbox/call-log.ts'
import { coded } from '../wording/inline.ts'
import { tryAnswer as say } from '../wording/wording.ts'
import { browserWorld } from './browser-world.ts'
import type { Place } from './call.ts'
import { followServerLog } from './server-log.ts'
import type { Tokens } from './tokens.ts'
import { Words } from './Words.tsx'

interface Props {
  readonly api: string
  readonly modelUrl: string
  readonly place: Place
  readonly tokens: Tokens
  /** The app whose token is in hand, if one is: its session is what the server's log is of. */
  readonly app: string | undefined
}

const MOST = 50

/**
 * What the sandbox says of the calls of this session: in the browser of this page's, on the server of everything that the
 * app does, wherever it runs.
 */
export function SandboxLog({ api, modelUrl, place, tokens, app }: Props) {
  const [open, setOpen] = useState(false)
  const [calls, setCalls] = useState<readonly LoggedCall[]>([])
  useEffect(() => {
    setCalls([])
    if (!open) return
    const add = (more: readonly LoggedCall[]): void => {
      if (more.length > 0) setCalls((before) => [...more.toReversed(), ...before].slice(0, MOST))
    }
    if (place === 'browser') return listen(modelUrl, add)
    return app === undefined ? undefined : followServerLog(api, tokens, add)
  }, [open, api, modelUrl, place, tokens, app])
  return (
    <details className="past" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{say.log}</summary>
      <ol aria-live="polite">
        {calls.map(({ id, at, method, path, status, decision, errors = [] }) => (
          <li key={`${at} ${id}`}>
            <code>{status === 0 ? say.dropped : status}</code>
            <code>{method}</code>
            <span>
              <code>{path}</code>
              {decision !== undefined && (
                <span className="muted small">
                  {' '}
                  <Words of={coded(decision.why)} />
                </span>
              )}
              {errors.map(({ pointer, detail }) => (
                <span className="muted small" key={pointer + detail}>
                  {' '}
                  {pointer} {detail}
                </span>
              ))}
            </span>
          </li>
        ))}
      </ol>
      {calls.length === 0 && <p className="muted small">{say.nothingYet[place]}</p>}
    </details>
  )
}

/** @returns ends it */
function listen(modelUrl: string, add: (calls: readonly LoggedCall[]) => void): () => void {
  let stop: (() => void) | undefined
  let ended = false
  void browserWorld(modelUrl).then(({ sandbox }) => {
    if (!ended) stop = sandbox.onCall((call) => add([call]))
  })
  return () => {
    ended = true
    stop?.()
  }
}
