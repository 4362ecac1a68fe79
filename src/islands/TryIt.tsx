import { type FormEvent, useState } from 'react'
import type { TryForm } from '../docs/try-it.ts'
import { tryRequest } from '../docs/try-request.ts'
import { call, type Outcome } from './call.ts'
import { OutcomeView } from './Outcome.tsx'
import { TryBodyField } from './TryBodyField.tsx'
import './try-it.css'

interface Props {
  readonly form: TryForm
  readonly modelUrl: string
}

/** Calls the operation on a sandbox that runs in the browser. */
export function TryIt({ form, modelUrl }: Props) {
  const [fields, setFields] = useState(() => form.fields.map(({ value }) => value))
  const [body, setBody] = useState(form.body?.value ?? '')
  const [file, setFile] = useState<File>()
  const [token, setToken] = useState(form.token)
  const [scopes, setScopes] = useState<readonly string[]>(form.chosen)
  const [problem, setProblem] = useState<string>()
  const [sending, setSending] = useState(false)
  const [outcome, setOutcome] = useState<Outcome>()

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault()
    const request = tryRequest(form, { fields, body, file })
    if (typeof request === 'string') {
      setProblem(request)
      return
    }
    setProblem(undefined)
    setSending(true)
    try {
      setOutcome(await call({ modelUrl, form, request, scopes: token ? scopes : undefined }))
    } catch (error) {
      if (!(error instanceof Error)) throw error
      setProblem(`The call could not be made: ${error.message}`)
    } finally {
      setSending(false)
    }
  }

  return (
    <section className="try" aria-label="Try it">
      <form onSubmit={(event) => void send(event)} noValidate>
        <Scopes form={form} token={token} scopes={scopes} onToken={setToken} onScopes={setScopes} />
        {form.fields.map((field, index) => (
          <div className="field" key={`${field.in} ${field.name}`}>
            <label className="label" htmlFor={`try-${index}`}>
              <code>{field.name}</code>
              <span className="muted small">
                {' '}
                {field.credential ? 'key' : field.in}
                {field.required ? '' : ', optional'}
              </span>
            </label>
            <input
              id={`try-${index}`}
              className="control mono"
              value={fields[index] ?? ''}
              required={field.required}
              autoComplete="off"
              spellCheck={false}
              onChange={({ target }) => setFields(fields.with(index, target.value))}
            />
          </div>
        ))}
        {form.body !== undefined && <TryBodyField body={form.body} value={body} onValue={setBody} onFile={setFile} />}
        {problem !== undefined && (
          <p className="notice problem" role="alert">
            {problem}
          </p>
        )}
        <p className="actions">
          <button className="button" type="submit" disabled={sending}>
            {sending ? 'Sending…' : 'Send'}
          </button>
          <span className="muted small">to a sandbox in this browser</span>
        </p>
      </form>
      <div role="status">{outcome !== undefined && <OutcomeView outcome={outcome} />}</div>
    </section>
  )
}

interface ScopesProps {
  readonly form: TryForm
  readonly token: boolean
  readonly scopes: readonly string[]
  readonly onToken: (token: boolean) => void
  readonly onScopes: (scopes: readonly string[]) => void
}

function Scopes({ form, token, scopes, onToken, onScopes }: ScopesProps) {
  return (
    <fieldset className="field">
      <legend>Token</legend>
      <label className="choice">
        <input type="checkbox" checked={token} onChange={({ target }) => onToken(target.checked)} />
        <span className="text">Send a token{form.scopes.length > 0 && ', with these scopes'}</span>
      </label>
      {token && form.scopes.length > 0 && (
        <div className="choices ruled">
          {form.scopes.map(({ name, title }) => (
            <label className="choice" key={name}>
              <input
                type="checkbox"
                checked={scopes.includes(name)}
                onChange={({ target }) =>
                  onScopes(target.checked ? [...scopes, name] : scopes.filter((scope) => scope !== name))
                }
              />
              <span className="text">
                <code>{name}</code>
                {title !== undefined && <span className="muted small">{title}</span>}
              </span>
            </label>
          ))}
        </div>
      )}
    </fieldset>
  )
}
