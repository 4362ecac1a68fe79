import { useId } from 'react'
import type { Control, UnionOption } from '../docs/control.ts'
import { tryFields as say } from '../wording/wording.ts'
import { defaultValue, optionOf } from './control-value.ts'
import { JsonField } from './JsonField.tsx'
import { ScalarField } from './ScalarField.tsx'

interface Props<C extends Control = Control> {
  readonly control: C
  /** Undefined: not given. */
  readonly value: unknown
  readonly label: string
  /** Beside the label: where it goes, whether it has to. */
  readonly note?: string | undefined
  readonly required?: boolean
  readonly onValue: (value: unknown) => void
}

/** One value of a form, whatever its schema: an input, or a group of them. */
export function ControlField(props: Props) {
  const { control } = props
  switch (control.kind) {
    case 'object':
      return <ObjectField {...props} control={control} />
    case 'list':
      return <ListField {...props} control={control} />
    case 'union':
      return <UnionField {...props} control={control} />
    case 'json':
      return <JsonField {...props} />
    default:
      return <ScalarField {...props} control={control} />
  }
}

function ObjectField({ control, value, label, note, onValue }: Props<Extract<Control, { kind: 'object' }>>) {
  const members = isRecord(value) ? value : {}
  const set = (name: string, member: unknown): void => {
    const { [name]: _, ...rest } = members
    onValue(member === undefined ? rest : { ...members, [name]: member })
  }
  const known = new Set(control.members.map(({ name }) => name))
  const shown = control.members.filter(({ name, required }) => required || Object.hasOwn(members, name))
  const absent = control.members.filter((member) => !shown.includes(member))
  const entries = Object.entries(members).filter(([name]) => !known.has(name))
  return (
    <fieldset className="field group">
      {label !== '' && (
        <legend>
          <code>{label}</code> {note !== undefined && <span className="muted small">{note}</span>}
        </legend>
      )}
      {shown.map((member) => (
        <div className="removable" key={member.name}>
          <ControlField
            control={member.control}
            value={members[member.name]}
            label={member.name}
            note={member.required && member.scopes.length === 0 ? undefined : say.memberNote(member)}
            required={member.required}
            onValue={(next) => set(member.name, next)}
          />
          {!member.required && <Remove name={member.name} onRemove={() => set(member.name, undefined)} />}
        </div>
      ))}
      {entries.map(([name, entry]) => (
        <div className="removable" key={name}>
          <ControlField
            control={control.entries ?? { kind: 'json' }}
            value={entry}
            label={name}
            onValue={(next) => set(name, next)}
          />
          <Remove name={name} onRemove={() => set(name, undefined)} />
        </div>
      ))}
      {absent.length > 0 && (
        <p className="additions">
          <span className="muted small">{say.add}</span>
          {absent.map(({ name, control: member }) => (
            <button className="button bare" type="button" key={name} onClick={() => set(name, defaultValue(member))}>
              <code>{name}</code>
            </button>
          ))}
        </p>
      )}
      {control.entries !== undefined && <NewEntry control={control.entries} taken={members} onAdd={set} />}
    </fieldset>
  )
}

interface NewEntryProps {
  readonly control: Control
  readonly taken: Readonly<Record<string, unknown>>
  readonly onAdd: (name: string, value: unknown) => void
}

/** The name of a map's next entry: Enter, or leaving the field, adds it. */
function NewEntry({ control, taken, onAdd }: NewEntryProps) {
  const id = useId()
  const add = (input: HTMLInputElement): void => {
    const name = input.value.trim()
    if (name === '' || Object.hasOwn(taken, name)) return
    onAdd(name, defaultValue(control))
    input.value = ''
  }
  return (
    <div className="field">
      <label className="muted small" htmlFor={id}>
        {say.addEntry}
      </label>
      <input
        id={id}
        className="control mono"
        autoComplete="off"
        onBlur={({ target }) => add(target)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          add(event.currentTarget)
        }}
      />
    </div>
  )
}

function ListField({ control, value, label, note, onValue }: Props<Extract<Control, { kind: 'list' }>>) {
  const items: readonly unknown[] = Array.isArray(value) ? value : []
  return (
    <fieldset className="field group">
      <legend>
        <code>{label}</code> <span className="muted small">{say.list(note)}</span>
      </legend>
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an item has no other identity than its place
        <div className="removable" key={index}>
          <ControlField
            control={control.item}
            value={item}
            label={say.item(label, index + 1)}
            onValue={(next) => onValue(items.with(index, next))}
          />
          <Remove
            name={say.item(label, index + 1)}
            onRemove={() => {
              const rest = items.toSpliced(index, 1)
              onValue(rest.length === 0 ? undefined : rest)
            }}
          />
        </div>
      ))}
      <p className="additions">
        <button className="button bare" type="button" onClick={() => onValue([...items, defaultValue(control.item)])}>
          {say.addItem(items.length)}
        </button>
      </p>
    </fieldset>
  )
}

function UnionField({ control, value, label, note, onValue }: Props<Extract<Control, { kind: 'union' }>>) {
  const id = useId()
  const chosen = optionOf(control.options, value)
  const option: UnionOption | undefined = control.options[chosen]
  return (
    <fieldset className="field group">
      <legend className={label === '' ? 'unseen' : undefined}>
        <code>{label === '' ? say.body : label}</code>{' '}
        {note !== undefined && <span className="muted small">{note}</span>}
      </legend>
      <label className="muted small" htmlFor={id}>
        {say.oneOf}
      </label>
      <select
        id={id}
        className="control"
        value={chosen}
        onChange={({ target }) => {
          const next = control.options[Number(target.value)]
          if (next !== undefined) onValue(tagged(next, defaultValue(next.control)))
        }}
      >
        {control.options.map(({ title }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: options never move, and titles may repeat
          <option key={index} value={index}>
            {title}
          </option>
        ))}
      </select>
      {option !== undefined && (
        <ControlField
          control={option.control}
          value={value}
          label={option.control.kind === 'object' ? '' : option.title}
          onValue={(next) => onValue(tagged(option, next))}
        />
      )}
    </fieldset>
  )
}

/** What tells the option apart is written by the form itself. */
function tagged({ tag }: UnionOption, value: unknown): unknown {
  return tag === undefined || !isRecord(value) ? value : { ...value, [tag.name]: tag.value }
}

function Remove({ name, onRemove }: { readonly name: string; readonly onRemove: () => void }) {
  return (
    <button className="button bare small" type="button" aria-label={say.removeField(name)} onClick={onRemove}>
      {say.remove}
    </button>
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Blob)
}
