import { useId, useState } from 'react'
import { Malformed } from '../docs/try-request.ts'
import { tryFields as say } from '../wording/wording.ts'

interface Props {
  readonly value: unknown
  readonly label: string
  readonly note?: string | undefined
  readonly required?: boolean
  readonly rows?: number
  /** What the schema says against it, by line where that is known. */
  readonly problems?: readonly string[]
  readonly onValue: (value: unknown) => void
}

/** A value written as JSON. While it isn't JSON, the value is what was typed, marked as such. */
export function JsonField({ value, label, note, required = false, rows = 4, problems = [], onValue }: Props) {
  const id = useId()
  const [typed, setTyped] = useState({ text: pretty(value), value })
  // Changed from elsewhere: a form, the history, a shared link.
  const text = Object.is(typed.value, value) ? typed.text : pretty(value)
  const messages = value instanceof Malformed ? [value.message] : problems
  const lines = text.split('\n').length
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        {label === '' ? say.body : <code>{label}</code>}{' '}
        {note !== undefined && <span className="muted small">{note}</span>}
      </label>
      <textarea
        id={id}
        className="control mono"
        rows={Math.min(24, Math.max(rows, lines))}
        value={text}
        required={required}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={messages.length > 0}
        aria-describedby={messages.length > 0 ? `${id}-problems` : undefined}
        onChange={({ target }) => {
          const next = parse(target.value)
          setTyped({ text: target.value, value: next })
          onValue(next)
        }}
      />
      {messages.length > 0 && (
        <ul className="error" id={`${id}-problems`}>
          {messages.map((message) => (
            <li key={message}>{message}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

function parse(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return new Malformed(text, say.notJson(error.message))
    throw error
  }
}

function pretty(value: unknown): string {
  if (value instanceof Malformed) return value.text
  return value === undefined ? '' : (JSON.stringify(value, null, 2) ?? '')
}
