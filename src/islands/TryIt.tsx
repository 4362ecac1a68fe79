import { useCallback, useEffect, useRef, useState } from 'react'
import { parameterKey } from '../docs/parameter-key.ts'
import type { TryForm } from '../docs/try-it.ts'
import { firstDraft, type TryDraft, tryRequest } from '../docs/try-request.ts'
import { coded } from '../wording/inline.ts'
import { tryIt as say, tryAnswer, tryFields } from '../wording/wording.ts'
import { BodyEditor } from './BodyEditor.tsx'
import { ControlField } from './ControlField.tsx'
import { call, type Outcome, type Place } from './call.ts'
import { type Caller, type Casting, cast } from './caller.ts'
import { type PastCall, readHistory, remember } from './history.ts'
import { OutcomeView } from './Outcome.tsx'
import { Past } from './Past.tsx'
import { SandboxLog } from './SandboxLog.tsx'
import { sampleText, showSamples } from './samples.ts'
import { sharedDraft, shareUrl } from './share.ts'
import { TokenView } from './TokenView.tsx'
import { type TokenState, Tokens } from './tokens.ts'
import { type Cast, Who } from './Who.tsx'
import { Words } from './Words.tsx'

export interface TryItProps {
  readonly form: TryForm
  readonly modelUrl: string
  readonly issuer: string
  /** The audience of the API's tokens. */
  readonly resource: string
  readonly people: Cast
}

/** Calls the operation on a sandbox, as whoever one chooses. */
export function TryIt({ form, modelUrl, issuer, resource, people }: TryItProps) {
  const [draft, setDraft] = useState(() => firstDraft(form))
  const [typed, setTyped] = useState<ReadonlySet<string>>(new Set())
  const [place, setPlace] = useState<Place>('browser')
  const [caller, setCaller] = useState<Caller>(form.token ? { as: 'scopes' } : { as: 'nobody' })
  const [scopes, setScopes] = useState<readonly string[]>(form.chosen)
  const [casting, setCasting] = useState<Casting>()
  const [secret, setSecret] = useState('')
  const [prefer, setPrefer] = useState('')
  const [problem, setProblem] = useState<string>()
  const [done, setDone] = useState('')
  const [sending, setSending] = useState<AbortController>()
  const [outcome, setOutcome] = useState<Outcome>()
  const [history, setHistory] = useState<readonly PastCall[]>([])
  const [token, setToken] = useState<TokenState>()
  const [tokens] = useState(() => new Tokens({ modelUrl, issuer, resource, onChange: setToken }))

  // What only a browser knows comes after the first render, which has to be the server's.
  useEffect(() => {
    setHistory(readHistory(form))
    const shared = sharedDraft(location.hash, form)
    if (shared !== undefined) setDraft(shared)
  }, [form])
  useEffect(() => {
    const app = caller.as === 'app' ? people.apps.find(({ id }) => id === caller.app) : undefined
    // What fails here fails again, and is said, when something is sent.
    if (app !== undefined) tokens.prepare(app, secret).catch(() => undefined)
  }, [caller, secret, people, tokens])
  useCasting(form.api, caller, scopes, setCasting)
  useEffect(() => showSamples(form, draft, typed), [form, draft, typed])
  const actions = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    if (outcome !== undefined) bringIntoSight(actions.current)
  }, [outcome])

  const send = useCallback(
    async (asked: readonly string[]): Promise<void> => {
      const request = tryRequest(form, draft)
      if (typeof request === 'string') return setProblem(request)
      setProblem(undefined)
      const controller = new AbortController()
      setSending(controller)
      try {
        const app = caller.as === 'app' ? people.apps.find(({ id }) => id === caller.app) : undefined
        const held = await tokens.get({ caller, app, secret, scopes: asked, api: form.api })
        const answered = await call({ modelUrl, form, request, place, token: held, prefer, signal: controller.signal })
        setOutcome(answered)
        setHistory(remember(form, { at: Date.now(), status: answered.status, path: request.path, draft }))
      } catch (error) {
        if (!(error instanceof Error)) throw error
        if (error.name !== 'AbortError') setProblem(sentence(error))
      } finally {
        setSending(undefined)
      }
    },
    [form, draft, caller, secret, place, prefer, modelUrl, people, tokens],
  )

  /** More scopes, and the same call again. */
  async function ask(more: readonly string[]): Promise<void> {
    const asked = [...new Set([...scopes, ...more])]
    setScopes(asked)
    if (caller.as === 'nobody' && place === 'browser') setCaller({ as: 'scopes' })
    await send(asked)
  }

  async function change(act: (tokens: Tokens) => Promise<void>): Promise<void> {
    setProblem(undefined)
    try {
      await act(tokens)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      setProblem(sentence(error))
    }
  }

  async function copy(text: string, what: keyof typeof say.copied): Promise<void> {
    await navigator.clipboard.writeText(text)
    setDone(say.copied[what])
  }

  return (
    <section className="try" aria-label={say.title}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void send(scopes)
        }}
      >
        <Who
          form={form}
          cast={people}
          place={place}
          caller={caller}
          scopes={scopes}
          casting={casting}
          secret={secret}
          onPlace={(next) => {
            setPlace(next)
            const [app] = people.apps
            if (next === 'server') setCaller(app === undefined ? { as: 'nobody' } : { as: 'app', app: app.id })
            else setCaller(form.token ? { as: 'scopes' } : { as: 'nobody' })
          }}
          onCaller={setCaller}
          onScopes={setScopes}
          onSecret={setSecret}
        />
        <TokenView state={token} onChange={change} />
        <Parameters
          form={form}
          draft={draft}
          onDraft={(next, key) => {
            setDraft(next)
            if (key !== undefined && !typed.has(key)) setTyped(new Set([...typed, key]))
          }}
        />
        <BodyEditor form={form} draft={draft} modelUrl={modelUrl} onDraft={setDraft} />
        <Faults prefer={prefer} onPrefer={setPrefer} />
        {problem !== undefined && (
          <p className="notice problem" role="alert">
            <Words of={coded(problem)} />
          </p>
        )}
        <p className="actions" ref={actions}>
          <button className="button" type="submit" disabled={sending !== undefined}>
            {sending === undefined ? say.send : say.sending}
          </button>
          {sending !== undefined && (
            <button className="button quiet" type="button" onClick={() => sending.abort()}>
              {say.stop}
            </button>
          )}
          <button className="button bare small" type="button" onClick={() => void copy(shareUrl(draft), 'link')}>
            {say.copy.link}
          </button>
          {SAMPLES.map((id) => (
            <button className="button bare small" type="button" key={id} onClick={() => void copy(sampleText(id), id)}>
              {say.copy[id]}
            </button>
          ))}
          <button
            className="button bare small"
            type="button"
            onClick={() => void change((held) => held.resetSandbox(form.api)).then(() => setDone(say.isReset))}
          >
            {say.reset}
          </button>
          <span className="muted small" role="status">
            {done}
          </span>
        </p>
      </form>
      <div role="status">
        {outcome !== undefined && <OutcomeView outcome={outcome} onAsk={(set) => void ask(set)} />}
      </div>
      <SandboxLog
        api={form.api}
        modelUrl={modelUrl}
        place={place}
        tokens={tokens}
        app={caller.as === 'app' && token !== undefined ? caller.app : undefined}
      />
      <Past calls={history} onChoose={(past) => setDraft({ ...past.draft, keys: draft.keys })} />
    </section>
  )
}

const SAMPLES = ['curl', 'typescript'] as const

/** Pixels of an answer that say what it is: its status, and why. */
const ENOUGH = 200

/** What was sent is answered below the button: where that is out of sight, the button goes up. */
function bringIntoSight(actions: HTMLElement | null): void {
  const { bottom = 0, top = 0 } = actions?.getBoundingClientRect() ?? {}
  if (top < 0 || bottom + ENOUGH > innerHeight) actions?.scrollIntoView()
}

/** Milliseconds without a change before the policies are asked. */
const PAUSE = 250

function useCasting(
  api: string,
  caller: Caller,
  scopes: readonly string[],
  onCasting: (casting: Casting | undefined) => void,
): void {
  useEffect(() => {
    if (caller.as !== 'persona') return onCasting(undefined)
    let current = true
    const timer = setTimeout(async () => {
      const casting = await cast(api, caller.persona, scopes).catch((error: Error): Casting => {
        return { granted: false, reason: sentence(error) }
      })
      if (current) onCasting(casting)
    }, PAUSE)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [api, caller, scopes, onCasting])
}

interface DraftProps {
  readonly form: TryForm
  readonly draft: TryDraft
  /** @param key the parameter's that was filled in, if it was one */
  readonly onDraft: (draft: TryDraft, key?: string) => void
}

function Parameters({ form, draft, onDraft }: DraftProps) {
  return (
    <>
      {form.parameters.map((parameter) => {
        const key = parameterKey(parameter)
        return (
          <ControlField
            key={key}
            control={parameter.control}
            value={draft.parameters[key]}
            label={parameter.name}
            note={tryFields.note(parameter.in, parameter.required)}
            required={parameter.required}
            onValue={(value) => onDraft({ ...draft, parameters: { ...draft.parameters, [key]: value } }, key)}
          />
        )
      })}
      {form.keys.map(({ name }) => (
        <ControlField
          key={name}
          control={{ kind: 'text', input: 'password' }}
          value={draft.keys[name]}
          label={name}
          note={tryFields.key}
          onValue={(value) => onDraft({ ...draft, keys: { ...draft.keys, [name]: String(value ?? '') } })}
        />
      ))}
    </>
  )
}

const FAULTS = [
  ['', say.faults.none],
  ['code=429', say.faults.tooMany],
  ['code=500', say.faults.serverError],
  ['code=503', say.faults.unavailable],
  ['latency=2000', say.faults.slow],
  ['fault=drop', say.faults.drop],
] as const

function Faults({ prefer, onPrefer }: { readonly prefer: string; readonly onPrefer: (prefer: string) => void }) {
  return (
    <label className="field">
      <span className="label">{say.isTo}</span>
      <select className="control" value={prefer} onChange={({ target }) => onPrefer(target.value)}>
        {FAULTS.map(([value, title]) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </select>
    </label>
  )
}

function sentence(error: Error): string {
  return error.name === 'RefusedError' ? error.message : tryAnswer.failed(error.message)
}
