import { useId } from 'react'
import type { Kind } from '../model/api.ts'
import { KINDS } from '../model/kind.ts'
import { coded } from '../wording/inline.ts'
import { form, tryCaller as say } from '../wording/wording.ts'
import type { Casting, Persona, Player } from './caller.ts'
import { Words } from './Words.tsx'

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
          {say.person}
        </label>
        <select
          id={`${id}-person`}
          className="control"
          value={persona.person}
          onChange={({ target: { value } }) =>
            set({ person: value, kind: value === '' ? 'service' : persona.kind === 'service' ? 'web' : persona.kind })
          }
        >
          <option value="">{say.itself}</option>
          {players.map(({ id: person, name, groups }) => (
            <option key={person} value={person}>
              {say.member(name, groups)}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label className="label" htmlFor={`${id}-kind`}>
          {say.kind}
        </label>
        <select
          id={`${id}-kind`}
          className="control"
          value={persona.kind}
          onChange={({ target }) => set({ kind: target.value as Kind })}
        >
          {KINDS.filter((kind) => (persona.person === '') === (kind === 'service')).map((kind) => (
            <option key={kind} value={kind}>
              {say.kinds[kind]}
            </option>
          ))}
        </select>
        <label className="choice">
          <input
            type="checkbox"
            checked={persona.verified}
            onChange={({ target }) => set({ verified: target.checked })}
          />
          <span className="text">{say.verified}</span>
        </label>
      </div>
      {persona.verified && (
        <div className="field">
          <label className="label" htmlFor={`${id}-software`}>
            {say.softwareId} <span className="muted small">{form.optional}</span>
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
          {say.network} <span className="muted small">{say.address}</span>
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
              <Words of={say.grants(casting.policy, casting.rule, casting.scopes)} />
              {casting.less !== undefined && (
                <span className="muted">
                  {' '}
                  <Words of={coded(casting.less)} />
                </span>
              )}
            </>
          ) : (
            <Words of={coded(say.noToken(casting.reason))} />
          )}
        </p>
      )}
    </div>
  )
}
