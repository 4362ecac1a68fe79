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
    <section className="field token" aria-label="Token in hand">
      <p>
        <b>Token in hand</b>{' '}
        <span className="muted small">
          {status === 'good'
            ? scopes.length === 0
              ? 'without scopes'
              : 'holds'
            : `${status}: the next call is refused`}
        </span>
      </p>
      {status === 'good' && scopes.length > 0 && (
        <ul>
          {scopes.map((scope) => (
            <li key={scope}>
              <code>{scope}</code>{' '}
              <button
                className="button bare small"
                type="button"
                aria-label={`Drop ${scope}`}
                onClick={() => void onChange((tokens) => tokens.drop(scope))}
              >
                Drop
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
              Expire it
            </button>
            <button
              className="button bare small"
              type="button"
              onClick={() => void onChange((tokens) => tokens.revoke())}
            >
              Revoke it
            </button>
          </>
        )}
        <button
          className="button bare small"
          type="button"
          onClick={() => void onChange(async (tokens) => tokens.forget())}
        >
          New token
        </button>
      </p>
    </section>
  )
}
