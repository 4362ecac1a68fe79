import { useEffect, useId, useState } from 'react'
import type { TryForm } from '../docs/try-it.ts'
import { Malformed, type TryDraft } from '../docs/try-request.ts'
import { tryFields as say } from '../wording/wording.ts'
import { ControlField } from './ControlField.tsx'
import { JsonField } from './JsonField.tsx'

interface Props {
  readonly form: TryForm
  readonly draft: TryDraft
  readonly modelUrl: string
  readonly onDraft: (draft: TryDraft) => void
}

/** The body: which media type, and its value as a form or as it is sent. */
export function BodyEditor({ form, draft, modelUrl, onDraft }: Props) {
  const id = useId()
  const [raw, setRaw] = useState(false)
  const media = form.bodies[draft.media]
  const problems = useProblems(form, draft, modelUrl, raw)
  if (media === undefined) return null
  const structured = media.kind === 'json' || media.kind === 'form'
  const asForm = structured && media.control.kind !== 'json' && !raw && !(draft.body instanceof Malformed)
  const setBody = (body: unknown): void => onDraft({ ...draft, body })
  return (
    <section className="field" aria-label={say.body}>
      <div className="bar">
        {form.bodies.length === 1 ? (
          <span>
            <b>{say.body}</b> <code className="muted small">{media.type}</code>
          </span>
        ) : (
          <label className="inline" htmlFor={id}>
            <b>{say.body}</b>
            <select
              id={id}
              className="control mono"
              value={draft.media}
              onChange={({ target }) => {
                const index = Number(target.value)
                onDraft({ ...draft, media: index, body: form.bodies[index]?.value })
              }}
            >
              {form.bodies.map(({ type }, index) => (
                <option key={type} value={index}>
                  {type}
                </option>
              ))}
            </select>
          </label>
        )}
        {media.kind === 'json' && media.control.kind !== 'json' && (
          <button className="button bare small" type="button" aria-pressed={raw} onClick={() => setRaw(!raw)}>
            {raw ? say.asForm : say.asJson}
          </button>
        )}
      </div>
      {media.kind === 'file' && (
        <ControlField control={{ kind: 'file' }} value={draft.body} label={say.file} onValue={setBody} />
      )}
      {media.kind === 'text' && (
        <ControlField control={{ kind: 'text', input: 'long' }} value={draft.body} label={say.text} onValue={setBody} />
      )}
      {asForm && <ControlField control={media.control} value={draft.body} label="" onValue={setBody} />}
      {structured && !asForm && (
        <JsonField value={draft.body} label="" rows={8} problems={problems} onValue={setBody} />
      )}
    </section>
  )
}

/** Milliseconds without a keystroke before the schema is asked. */
const PAUSE = 300
const MOST_PROBLEMS = 8

/** What the schema says against a body that is written by hand. The validator is loaded by the first who does. */
function useProblems(form: TryForm, draft: TryDraft, modelUrl: string, raw: boolean): readonly string[] {
  const [found, setFound] = useState<{ readonly body: unknown; readonly problems: readonly string[] }>()
  const { body, media } = draft
  useEffect(() => {
    if (!raw || body === undefined || body instanceof Malformed) return
    let current = true
    const timer = setTimeout(async () => {
      // Without the schema nothing is said here; the sandbox says it once the body is sent.
      const problems = await bodyProblems(modelUrl, form, media, body).catch((): string[] => [])
      if (current) setFound({ body, problems: problems.slice(0, MOST_PROBLEMS) })
    }, PAUSE)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [raw, body, media, form, modelUrl])
  return found !== undefined && found.body === body ? found.problems : []
}

async function bodyProblems(modelUrl: string, form: TryForm, media: number, body: unknown): Promise<string[]> {
  const problems = await import('./body-problems.ts')
  return problems.bodyProblems(modelUrl, form.operation, form.bodies[media]?.type ?? '', body)
}
