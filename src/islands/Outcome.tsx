import { Fragment } from 'react'
import type { TraceRow } from '../access/trace.ts'
import type { JsonLine } from '../docs/json-lines.ts'
import type { Outcome } from './call.ts'
import { Gate } from './Gate.tsx'

/** What came back, and why. */
export function OutcomeView({ outcome }: { readonly outcome: Outcome }) {
  const { status, time, headers, lines, refusal, trace } = outcome
  return (
    <div className="outcome">
      <p className="bar">
        <b>
          <code>{status}</code>
        </b>
        <code className="muted small">{time < 1 ? '<1' : Math.round(time)} ms</code>
      </p>
      {refusal !== undefined && (
        <div className="refusal">
          <p>{refusal.why}</p>
          {refusal.missing.length > 0 && (
            <p>
              Tick{' '}
              {refusal.missing.map((set, index) => (
                <Fragment key={set.join(' ')}>
                  {index > 0 && ', or '}
                  <code>{set.join(' ')}</code>
                </Fragment>
              ))}{' '}
              and send again.
            </p>
          )}
        </div>
      )}
      {headers.length > 0 && (
        <dl className="headers">
          {headers.map(([name, value]) => (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </Fragment>
          ))}
        </dl>
      )}
      {lines.length > 0 && <Body lines={lines} />}
      <Steps rows={trace} />
    </div>
  )
}

function Body({ lines }: { readonly lines: readonly JsonLine[] }) {
  return (
    <section aria-label="Response body">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <pre tabIndex={0}>
        <code>
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines never move, they are replaced together
            <Fragment key={index}>
              {'  '.repeat(line.depth)}
              {line.withheld === undefined ? (
                line.text
              ) : (
                <span className="muted">
                  <s>{line.withheld}</s>
                  {'  withheld'}
                </span>
              )}
              {'\n'}
            </Fragment>
          ))}
        </code>
      </pre>
    </section>
  )
}

function Steps({ rows }: { readonly rows: readonly TraceRow[] }) {
  return (
    <ol className="trace" aria-label="How it was decided">
      {rows.map((row) => (
        <li key={row.check} className={row.decides ? `decides ${row.state}` : row.evaluated ? undefined : 'unreached'}>
          <Gate state={row.evaluated ? row.state : 'unknown'} />
          <span>{row.check}</span>
          <span>{row.evidence}</span>
        </li>
      ))}
    </ol>
  )
}
