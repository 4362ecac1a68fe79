import type { Control, UnionOption } from '../docs/control.ts'

/** What a control starts with once someone adds it: all that has to be there, and nothing else. */
export function defaultValue(control: Control): unknown {
  switch (control.kind) {
    case 'object': {
      const required = control.members.filter((member) => member.required)
      return Object.fromEntries(
        required.flatMap((member) => {
          const value = defaultValue(member.control)
          return value === undefined ? [] : [[member.name, value]]
        }),
      )
    }
    case 'list':
      return [defaultValue(control.item)]
    case 'choice':
      return control.options[0]
    case 'switch':
      return true
    case 'number':
      return control.min ?? 1
    case 'text':
      return ''
    case 'json':
      return null
    case 'file':
      return undefined
    case 'union': {
      const [first] = control.options
      return first === undefined ? null : defaultValue(first.control)
    }
  }
}

/** The option that a value is most like: by its tag, else the first that it fits. */
export function optionOf(options: readonly UnionOption[], value: unknown): number {
  const tagged = options.findIndex(({ tag }) => tag !== undefined && member(value, tag.name) === tag.value)
  if (tagged >= 0) return tagged
  const likenesses = options.map(({ control }) => likeness(control, value))
  const best = Math.max(...likenesses)
  return Math.max(0, likenesses.indexOf(best))
}

/** How well a value goes with a control: below zero not at all. */
function likeness(control: Control, value: unknown): number {
  switch (control.kind) {
    case 'object': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return -1
      const names = new Set(control.members.map(({ name }) => name))
      const own = Object.keys(value)
      const lacking = control.members.filter(({ name, required }) => required && !own.includes(name)).length
      const strange = control.entries === undefined ? own.filter((name) => !names.has(name)).length : 0
      return 100 - lacking - strange
    }
    case 'list':
      return Array.isArray(value) ? 100 : -1
    case 'choice':
      return control.options.some((option) => option === value) ? 100 : -1
    case 'switch':
      return typeof value === 'boolean' ? 100 : -1
    case 'number':
      return typeof value === 'number' ? 100 : -1
    case 'text':
      return typeof value === 'string' ? 100 : -1
    case 'file':
      return value instanceof Blob ? 100 : -1
    case 'union':
      return Math.max(...control.options.map((option) => likeness(option.control, value)))
    case 'json':
      return 0
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined
}
