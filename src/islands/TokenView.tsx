import { tryToken as say } from '../wording/wording.ts'
import type { TokenState, Tokens } from './tokens.ts'

interface Props {
  readonly state: TokenState | undefined
  readonly onChange: (act: (tokens: Tokens) => Promise<void>) => Promise<void>
}

/** The token in hand: what it holds, and what can be done to it. */
export function TokenView({ state, onChange }: Props) {
  if (state === undefined) return null
  const { scopes, status } = state
  return (
    <section className="field token" aria-label={say.title}>
      <p>
        <b>{say.title}</b>{' '}
        <span className="muted small">{status === 'good' ? say.holds(scopes.length) : say.over[status]}</span>
      </p>
      {status === 'good' && scopes.length > 0 && (
        <ul>
          {scopes.map((scope) => (
            <li key={scope}>
              <code>{scope}</code>{' '}
              <button
                className="button bare small"
                type="button"
                aria-label={say.dropScope(scope)}
                onClick={() => void onChange((tokens) => tokens.drop(scope))}
              >
                {say.drop}
              </button>
            </li>
          ))}
        </ul>
      )}
      <p className="additions">
        {status === 'good' && (
          <>
            <button
              className="button bare small"
              type="button"
              onClick={() => void onChange((tokens) => tokens.expire())}
            >
              {say.expire}
            </button>
            <button
              className="button bare small"
              type="button"
              onClick={() => void onChange((tokens) => tokens.revoke())}
            >
              {say.revoke}
            </button>
          </>
        )}
        <button
          className="button bare small"
          type="button"
          onClick={() => void onChange(async (tokens) => tokens.forget())}
        >
          {say.renew}
        </button>
      </p>
    </section>
  )
}
