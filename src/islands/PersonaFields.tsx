import { useId } from 'react'
import type { Kind } from '../model/api.ts'
import type { Casting, Persona, Player } from './caller.ts'

const KINDS: readonly (readonly [Kind, string])[] = [
  ['service', 'a service'],
  ['web', 'a web app'],
  ['single-page', 'a single-page app'],
  ['native', 'a native app'],
  ['device', 'a device'],
]

interface Props {
  readonly players: readonly Player[]
  readonly persona: Persona
  readonly casting: Casting | undefined
  readonly onPersona: (persona: Persona) => void
}

/** Someone, in some kind of app, from somewhere: and what the policies give them. */
export function PersonaFields({ players, persona, casting, onPersona }: Props) {
  const id = useId()
  const set = (change: Partial<Persona>): void => onPersona({ ...persona, ...change })
  return (
    <div className="persona">
      <div className="field">
        <label className="label" htmlFor={`${id}-person`}>
          Person
        </label>
        <select
          id={`${id}-person`}
          className="control"
          value={persona.person}
          onChange={({ target: { value } }) =>
            set({ person: value, kind: value === '' ? 'service' : persona.kind === 'service' ? 'web' : persona.kind })
          }
        >
          <option value="">nobody: the app acts for itself</option>
          {players.map(({ id: person, name, groups }) => (
            <option key={person} value={person}>
              {groups.length === 0 ? name : `${name} (${groups.join(', ')})`}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label className="label" htmlFor={`${id}-kind`}>
          App
        </label>
        <select
          id={`${id}-kind`}
          className="control"
          value={persona.kind}
          onChange={({ target }) => set({ kind: target.value as Kind })}
        >
          {KINDS.filter(([kind]) => (persona.person === '') === (kind === 'service')).map(([kind, title]) => (
            <option key={kind} value={kind}>
              {title}
            </option>
          ))}
        </select>
        <label className="choice">
          <input
            type="checkbox"
            checked={persona.verified}
            onChange={({ target }) => set({ verified: target.checked })}
          />
          <span className="text">verified by an administrator</span>
        </label>
      </div>
      {persona.verified && (
        <div className="field">
          <label className="label" htmlFor={`${id}-software`}>
            Software id <span className="muted small">optional</span>
          </label>
          <input
            id={`${id}-software`}
            className="control mono"
            value={persona.softwareId}
            autoComplete="off"
            onChange={({ target }) => set({ softwareId: target.value })}
          />
        </div>
      )}
      <div className="field">
        <label className="label" htmlFor={`${id}-network`}>
          Network <span className="muted small">IP address, optional</span>
        </label>
        <input
          id={`${id}-network`}
          className="control mono"
          value={persona.network}
          placeholder="10.0.0.7"
          autoComplete="off"
          onChange={({ target }) => set({ network: target.value })}
        />
      </div>
      {casting !== undefined && (
        <p className="casting" role="status">
          {casting.granted ? (
            <>
              {casting.policy} › {casting.rule} grants{' '}
              <code>{casting.scopes.length === 0 ? 'no scopes' : casting.scopes.join(' ')}</code>
              {casting.less !== undefined && <span className="muted"> {casting.less}</span>}
            </>
          ) : (
            <>No token. {casting.reason}</>
          )}
        </p>
      )}
    </div>
  )
}
