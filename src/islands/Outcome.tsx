import { Fragment, useEffect, useState } from 'react'
import type { TraceRow } from '../access/trace.ts'
import { coded } from '../wording/inline.ts'
import { bodies, kilobytes, tryAnswer as say } from '../wording/wording.ts'
import { type Block, type BodyView, scopeSets } from './body-view.ts'
import type { Outcome } from './call.ts'
import { Gate } from './Gate.tsx'
import { Words } from './Words.tsx'

interface Props {
  readonly outcome: Outcome
  /** Asks for these scopes, too, and sends again. */
  readonly onAsk: (scopes: readonly string[]) => void
}

/** What came back, and why. */
export function OutcomeView({ outcome, onAsk }: Props) {
  const { status, time, headers, body, refusal, trace } = outcome
  return (
    <div className="outcome">
      <p className="bar">
        <b>
          <code>{status}</code>
        </b>
        <code className="muted small">{say.took(time)}</code>
      </p>
      {refusal !== undefined && (
        <div className="refusal">
          <p>
            <Words of={coded(refusal.why)} />
          </p>
          {refusal.missing.length > 0 && <Asks sets={refusal.missing} onAsk={onAsk} />}
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
      <Body body={body} onAsk={onAsk} />
      <Steps rows={trace} />
    </div>
  )
}

interface AsksProps {
  readonly sets: readonly (readonly string[])[]
  readonly onAsk: (scopes: readonly string[]) => void
}

function Asks({ sets, onAsk }: AsksProps) {
  return (
    <p className="additions">
      {sets.map((set) => (
        <button className="button quiet small" type="button" key={set.join(' ')} onClick={() => onAsk(set)}>
          <Words of={say.ask(set)} />
        </button>
      ))}
    </p>
  )
}

function Body({ body, onAsk }: { readonly body: BodyView; readonly onAsk: AsksProps['onAsk'] }) {
  const blocks = useBlocks(body)
  if (body.kind === 'none') return null
  if (body.kind === 'file') return <Save type={body.type} size={body.size} blob={body.blob} />
  return (
    <>
      {body.withheld.length > 0 && (
        <div className="refusal">
          <p>{say.withheld(body.withheld.length)}</p>
          <Asks sets={scopeSets(body.withheld)} onAsk={onAsk} />
        </div>
      )}
      <section aria-label={say.body}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
        <pre tabIndex={0}>
          <code>
            {blocks.map((block, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: blocks never move, they are replaced together
              <Lines block={block} apart={blocks.length > 1} key={index} />
            ))}
          </code>
        </pre>
      </section>
    </>
  )
}

const NOTHING: readonly Block[] = []
/** Blocks that are added at a time, so that the page answers in between. */
const STEP = 10

/** The blocks to show: first what is looked at first, then, a step at a time, the rest. */
function useBlocks(body: BodyView): readonly Block[] {
  const first = body.kind === 'lines' ? body.first : NOTHING
  const [shown, setShown] = useState({ body, blocks: first })
  useEffect(() => {
    setShown({ body, blocks: first })
    if (body.kind !== 'lines' || body.whole === undefined) return
    let timer: ReturnType<typeof setTimeout>
    const { whole } = body
    const grow = (all: readonly Block[], count: number): void => {
      setShown({ body, blocks: all.slice(0, count) })
      if (count < all.length) timer = setTimeout(() => grow(all, count + STEP))
    }
    timer = setTimeout(() => grow(whole(), first.length + STEP))
    return () => clearTimeout(timer)
  }, [body, first])
  return shown.body === body ? shown.blocks : first
}

/** @param apart laid out by itself, when it comes into sight */
function Lines({ block, apart }: { readonly block: Block; readonly apart: boolean }) {
  return (
    <span className={apart ? 'lines' : undefined}>
      {block.map((segment, index) =>
        'text' in segment ? (
          segment.text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <span className="muted" key={index}>
            {segment.indent}
            <s>{segment.name}</s>
            {`  ${bodies.withheldUntil(segment.scopes)}\n`}
          </span>
        ),
      )}
    </span>
  )
}

/** A body that is too large to show, or isn't text. */
function Save({ type, size, blob }: { readonly type: string; readonly size: number; readonly blob: Blob }) {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    // Whatever it says it is, it is saved and never opened.
    const made = URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' }))
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [blob])
  return (
    <p className="additions">
      <code className="small">{type === '' ? say.unknownType : type}</code>
      <span className="muted small">{kilobytes(size)}</span>
      {url !== undefined && (
        <a className="button quiet small" href={url} download="response">
          {say.save}
        </a>
      )}
    </p>
  )
}

function Steps({ rows }: { readonly rows: readonly TraceRow[] }) {
  return (
    <ol className="trace" aria-label={say.howDecided}>
      {rows.map((row) => (
        <li key={row.check} className={row.decides ? `decides ${row.state}` : row.evaluated ? undefined : 'unreached'}>
          <Gate state={row.evaluated ? row.state : 'unknown'} />
          <span>{row.check}</span>
          <span>
            <Words of={coded(row.evidence)} />
          </span>
        </li>
      ))}
    </ol>
  )
}
