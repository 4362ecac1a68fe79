import { useId } from 'react'
import type { Control, Scalar } from '../docs/control.ts'
import { tryFields as say } from '../wording/wording.ts'

export type ScalarControl = Extract<Control, { kind: 'text' | 'number' | 'choice' | 'switch' | 'file' }>

interface Props {
  readonly control: ScalarControl
  readonly value: unknown
  readonly label: string
  readonly note?: string | undefined
  readonly required?: boolean
  readonly onValue: (value: unknown) => void
}

/** A labelled input for one value without parts. */
export function ScalarField({ control, value, label, note, required = false, onValue }: Props) {
  const id = useId()
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        <code>{label}</code> {note !== undefined && <span className="muted small">{note}</span>}
      </label>
      <ScalarInput id={id} control={control} value={value} required={required} onValue={onValue} />
    </div>
  )
}

interface InputProps {
  readonly id: string
  readonly control: ScalarControl
  readonly value: unknown
  readonly required: boolean
  readonly onValue: (value: unknown) => void
}

function ScalarInput({ id, control, value, required, onValue }: InputProps) {
  const common = { id, required, className: 'control mono', autoComplete: 'off', spellCheck: false }
  const given = (text: string): string | undefined => (text === '' ? undefined : text)
  switch (control.kind) {
    case 'number':
      return (
        <input
          {...common}
          inputMode={control.integer ? 'numeric' : 'decimal'}
          placeholder={bounds(control.min, control.max)}
          value={textOf(value)}
          onChange={({ target }) => onValue(number(target.value))}
        />
      )
    case 'choice':
      return <Choice {...common} options={control.options} value={value} onValue={onValue} />
    case 'switch':
      return <Choice {...common} options={[true, false]} value={value} onValue={onValue} />
    case 'file':
      return <input {...common} type="file" onChange={({ target }) => onValue(target.files?.[0])} />
    case 'text':
      return control.input === 'long' ? (
        <textarea {...common} rows={3} value={textOf(value)} onChange={({ target }) => onValue(given(target.value))} />
      ) : (
        <input
          {...common}
          type={control.input}
          placeholder={control.hint}
          value={textOf(value)}
          onChange={({ target }) => onValue(given(target.value))}
        />
      )
  }
}

interface ChoiceProps {
  readonly id: string
  readonly required: boolean
  readonly className: string
  readonly options: readonly Scalar[]
  readonly value: unknown
  readonly onValue: (value: unknown) => void
}

function Choice({ id, required, className, options, value, onValue }: ChoiceProps) {
  return (
    <select
      id={id}
      className={className}
      value={options.indexOf(value as Scalar)}
      onChange={({ target }) => onValue(options[Number(target.value)])}
    >
      {(!required || !options.includes(value as Scalar)) && <option value={-1}>{say.notSent}</option>}
      {options.map((option, index) => (
        <option key={String(option)} value={index}>
          {String(option)}
        </option>
      ))}
    </select>
  )
}

/** What isn't a number stays text, so that nothing typed is lost; the sandbox says what is wrong with it. */
function number(text: string): number | string | undefined {
  if (text.trim() === '') return undefined
  const value = Number(text)
  return String(value) === text.trim() ? value : text
}

function bounds(min: number | undefined, max: number | undefined): string | undefined {
  if (min === undefined && max === undefined) return undefined
  return `${min ?? ''} … ${max ?? ''}`.trim()
}

function textOf(value: unknown): string {
  return value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
}
