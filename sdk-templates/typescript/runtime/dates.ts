/** Where dates are in a value: so that what arrives as text (RFC 3339) becomes a `Date`. */
export interface Shape {
  readonly date?: true
  readonly members?: Readonly<Record<string, () => Shape>>
  readonly items?: () => Shape
  /** Of a map. */
  readonly values?: () => Shape
  /** What the value may be, or is at the same time. */
  readonly any?: readonly (() => Shape)[]
}

/** The value with its dates, in place of the text. What is no date stays as it is. */
export function revive(value: unknown, shape: Shape): unknown {
  const { date, members, items, values, any = [] } = shape
  if (typeof value === 'string') {
    const time = date || any.some((each) => each().date) ? Date.parse(value) : Number.NaN
    return Number.isNaN(time) ? value : new Date(time)
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  let revived: unknown = value
  if (Array.isArray(value)) {
    if (items !== undefined) revived = value.map((item) => revive(item, items()))
  } else if (members !== undefined || values !== undefined)
    revived = Object.fromEntries(
      Object.entries(value).map(([name, member]) => {
        const at = members !== undefined && Object.hasOwn(members, name) ? members[name] : values
        return [name, at === undefined ? member : revive(member, at())]
      }),
    )
  return any.reduce((result, each) => revive(result, each()), revived)
}
