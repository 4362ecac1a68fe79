import { key, quote } from './text.ts'

/** The text of a type: members of a union or an intersection, or one that stands for itself. */
export interface TypeText {
  readonly members: readonly string[]
  readonly operator: '|' | '&'
}

export function plain(text: string): TypeText {
  return { members: [text], operator: '|' }
}

export const UNKNOWN: TypeText = plain('unknown')
export const NEVER: TypeText = plain('never')
export const NULL: TypeText = plain('null')

/** Each member once; `unknown` takes up all others. */
export function union(types: readonly TypeText[]): TypeText {
  if (types.some(isUnknown)) return UNKNOWN
  return (
    joined(
      types.filter((type) => type !== NEVER),
      '|',
    ) ?? NEVER
  )
}

/** Each member once; `unknown` adds nothing. */
export function intersection(types: readonly TypeText[]): TypeText {
  if (types.includes(NEVER)) return NEVER
  return (
    joined(
      types.filter((type) => !isUnknown(type)),
      '&',
    ) ?? UNKNOWN
  )
}

export function array(element: TypeText): TypeText {
  return plain(`${element.members.length === 1 ? written(element) : `(${written(element)})`}[]`)
}

export function written({ members, operator }: TypeText): string {
  return members.length === 1 ? (members[0] ?? '') : members.join(` ${operator} `)
}

export function isUnknown({ members }: TypeText): boolean {
  return members.length === 1 && members[0] === 'unknown'
}

function joined(types: readonly TypeText[], operator: TypeText['operator']): TypeText | undefined {
  if (types.length < 2) return types[0]
  const members = types.flatMap((type) =>
    type.members.length === 1 || type.operator === operator ? type.members : [`(${written(type)})`],
  )
  return { members: [...new Set(members)], operator }
}

/** The type of one JSON value. */
export function literalType(value: unknown): TypeText {
  return value === null ? NULL : plain(literalText(value))
}

function literalText(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (Array.isArray(value)) return `[${value.map(literalText).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  return `{ ${Object.entries(value)
    .map(([name, member]) => `${key(name)}: ${literalText(member)}`)
    .join('; ')} }`
}
