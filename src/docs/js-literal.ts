const WIDTH = 72

/** Something that a program has at hand, under this name. */
export class Variable {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/** A JSON value as JavaScript source, laid out as a person would: short objects on one line. */
export function jsLiteral(value: unknown, depth = 0, room = WIDTH): string {
  const flat = inline(value)
  if (flat.length <= room - depth * 2 || typeof value !== 'object' || value === null) return flat
  const pad = '  '.repeat(depth + 1)
  const close = '  '.repeat(depth)
  if (Array.isArray(value))
    return `[\n${value.map((item) => `${pad}${jsLiteral(item, depth + 1)},\n`).join('')}${close}]`
  const members = Object.entries(value).map(([key, child]) => {
    const name = propertyName(key)
    return `${pad}${name}: ${jsLiteral(child, depth + 1, WIDTH - name.length)},\n`
  })
  return `{\n${members.join('')}${close}}`
}

function inline(value: unknown): string {
  if (value instanceof Variable) return value.name
  if (typeof value === 'string') return quote(value)
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, child]) => `${propertyName(key)}: ${inline(child)}`)
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
  }
  return JSON.stringify(value) ?? 'undefined'
}

export function propertyName(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) && key !== '__proto__' ? key : quote(key)
}

/** Single quotes; what JSON escapes stays escaped, so that no text leaves its string. */
export function quote(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${escaped.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`
}
