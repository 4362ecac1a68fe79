import { useId } from 'react'
import type { TryForm } from '../docs/try-it.ts'
import { tryCaller as say, tryIt } from '../wording/wording.ts'
import type { TryApp } from './app-session.ts'
import type { Place } from './call.ts'
import { type Caller, type Casting, FIRST_PERSONA, type Player } from './caller.ts'
import { PersonaFields } from './PersonaFields.tsx'
import { CALLBACK } from './try-callback.ts'
import { Words } from './Words.tsx'

export interface Cast {
  readonly apps: readonly TryApp[]
  readonly players: readonly Player[]
  readonly signedIn: boolean
}

interface Props {
  readonly form: TryForm
  readonly cast: Cast
  readonly place: Place
  readonly caller: Caller
  readonly scopes: readonly string[]
  readonly casting: Casting | undefined
  readonly secret: string
  readonly onPlace: (place: Place) => void
  readonly onCaller: (caller: Caller) => void
  readonly onScopes: (scopes: readonly string[]) => void
  readonly onSecret: (secret: string) => void
}

/** Which sandbox is called, and as whom. */
export function Who(props: Props) {
  const { form, cast, place, caller, onPlace, onCaller } = props
  const id = useId()
  const tokens = form.token || form.scopes.length > 0
  return (
    <>
      <fieldset className="field">
        <legend>{tryIt.where}</legend>
        <div className="row">
          <Radio name={`${id}-place`} checked={place === 'browser'} onCheck={() => onPlace('browser')}>
            {tryIt.places.browser}
          </Radio>
          <Radio name={`${id}-place`} checked={place === 'server'} onCheck={() => onPlace('server')}>
            {tryIt.places.server}
          </Radio>
        </div>
      </fieldset>
      <fieldset className="field">
        <legend>{say.as}</legend>
        <Radio name={`${id}-as`} checked={caller.as === 'nobody'} onCheck={() => onCaller({ as: 'nobody' })}>
          {say.nobody}
        </Radio>
        {place === 'browser' && tokens && (
          <>
            <Radio name={`${id}-as`} checked={caller.as === 'scopes'} onCheck={() => onCaller({ as: 'scopes' })}>
              {say.scopes}
            </Radio>
            <Radio
              name={`${id}-as`}
              checked={caller.as === 'persona'}
              onCheck={() => onCaller({ as: 'persona', persona: FIRST_PERSONA })}
            >
              {say.persona}
            </Radio>
          </>
        )}
        {place === 'server' &&
          cast.apps.map(({ id: app, name }) => (
            <Radio
              key={app}
              name={`${id}-as`}
              checked={caller.as === 'app' && caller.app === app}
              onCheck={() => onCaller({ as: 'app', app })}
            >
              {say.app(name)}
            </Radio>
          ))}
        {place === 'server' && cast.apps.length === 0 && <NoApps form={form} signedIn={cast.signedIn} />}
      </fieldset>
      {caller.as === 'persona' && (
        <PersonaFields
          players={cast.players}
          persona={caller.persona}
          casting={props.casting}
          onPersona={(persona) => onCaller({ as: 'persona', persona })}
        />
      )}
      {caller.as !== 'nobody' && form.scopes.length > 0 && <Scopes {...props} />}
      {caller.as === 'app' && <AppFields {...props} app={cast.apps.find((app) => app.id === caller.app)} />}
    </>
  )
}

interface RadioProps {
  readonly name: string
  readonly checked: boolean
  readonly onCheck: () => void
  readonly children: React.ReactNode
}

function Radio({ name, checked, onCheck, children }: RadioProps) {
  return (
    <label className="choice">
      <input type="radio" name={name} checked={checked} onChange={onCheck} />
      <span className="text">{children}</span>
    </label>
  )
}

function NoApps({ form, signedIn }: { readonly form: TryForm; readonly signedIn: boolean }) {
  const here = `${location.pathname}${location.search}`
  const way = signedIn
    ? say.noApp(`/apps/new?${new URLSearchParams({ api: form.api })}`)
    : say.signIn(`/auth/sign-in?${new URLSearchParams({ to: here })}`)
  return (
    <p className="hint">
      <Words of={way} />
    </p>
  )
}

function Scopes({ form, caller, scopes, onScopes }: Props) {
  return (
    <fieldset className="field">
      <legend>{caller.as === 'scopes' ? say.scopesOf.token : say.scopesOf.request}</legend>
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
    </fieldset>
  )
}

function AppFields({ app, secret, onSecret }: Props & { readonly app: TryApp | undefined }) {
  const id = useId()
  if (app === undefined) return null
  const page = `/apps/${encodeURIComponent(app.id)}`
  if (app.grant === 'none') return <p className="hint">{say.device}</p>
  return (
    <>
      {app.grant === 'authorization_code' && !app.returnsHere && (
        <p className="hint">
          <Words of={say.returnHere(page, location.origin + CALLBACK)} />
        </p>
      )}
      {app.confidential && (
        <div className="field">
          <label className="label" htmlFor={id}>
            {say.secret} <span className="muted small">{say.secretStays}</span>
          </label>
          <input
            id={id}
            className="control mono"
            type="password"
            value={secret}
            autoComplete="off"
            onChange={({ target }) => onSecret(target.value)}
          />
        </div>
      )}
    </>
  )
}
