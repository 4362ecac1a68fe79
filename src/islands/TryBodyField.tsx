import type { TryBody } from '../docs/try-it.ts'

interface Props {
  readonly body: TryBody
  readonly value: string
  readonly onValue: (value: string) => void
  readonly onFile: (file: File | undefined) => void
}

const HINTS = {
  json: undefined,
  text: undefined,
  form: 'As JSON; each member becomes a part.',
  file: undefined,
} as const

export function TryBodyField({ body, value, onValue, onFile }: Props) {
  const hint = HINTS[body.kind]
  const multipart = body.type.startsWith('multipart/')
  return (
    <>
      {body.kind !== 'file' && (
        <div className="field">
          <label className="label" htmlFor="try-body">
            Body <code className="muted small">{body.type}</code>
          </label>
          {hint !== undefined && (
            <p className="hint" id="try-body-hint">
              {hint}
            </p>
          )}
          <textarea
            id="try-body"
            className="control mono"
            rows={Math.min(16, Math.max(4, value.split('\n').length))}
            value={value}
            spellCheck={false}
            aria-describedby={hint === undefined ? undefined : 'try-body-hint'}
            onChange={({ target }) => onValue(target.value)}
          />
        </div>
      )}
      {(body.kind === 'file' || multipart) && (
        <div className="field">
          <label className="label" htmlFor="try-file">
            File <code className="muted small">{multipart ? 'file' : body.type}</code>
          </label>
          <input id="try-file" className="control" type="file" onChange={({ target }) => onFile(target.files?.[0])} />
        </div>
      )}
    </>
  )
}
