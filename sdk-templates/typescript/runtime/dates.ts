/** Where dates are in a value: so that what arrives as text (RFC 3339) becomes a `Date`. */
export interface Shape {
  readonly date?: true
  readonly members?: Readonly<Record<string, () => Shape>>
  /** Of a list, by position; `items` are the others. */
  readonly tuple?: readonly ((() => Shape) | undefined)[]
  readonly items?: () => Shape
  /** Of a map. */
  readonly values?: () => Shape
  /** What the value may be, or is at the same time. */
  readonly any?: readonly (() => Shape)[]
  /** It is another member of a union where these members have other values. */
  readonly only?: Readonly<Record<string, readonly unknown[]>>
}

const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d/

/**
 * The value with its dates, in place of the text. What is no date stays as it is.
 *
 * @param seen shapes that this value was looked at with: a schema may name itself as what it is
 */
export function revive(value: unknown, shape: Shape, seen: readonly Shape[] = []): unknown {
  if (seen.includes(shape)) return value
  const { date, members, tuple, items, values, any = [], only } = shape
  const looked = [...seen, shape]
  if (typeof value === 'string') {
    const isDate = date || any.some((each) => revive(value, each(), looked) !== value)
    const time = isDate && DATE_TIME.test(value) ? Date.parse(value) : Number.NaN
    return Number.isNaN(time) ? value : new Date(time)
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (only !== undefined && !isIt(value, only)) return value
  let revived: unknown = value
  if (Array.isArray(value)) {
    revived = value.map((item, index) => {
      const at = tuple?.[index] ?? (index < (tuple?.length ?? 0) ? undefined : items)
      return at === undefined ? item : revive(item, at())
    })
  } else if (members !== undefined || values !== undefined)
    revived = Object.fromEntries(
      Object.entries(value).map(([name, member]) => {
        const at = members !== undefined && Object.hasOwn(members, name) ? members[name] : values
        return [name, at === undefined ? member : revive(member, at())]
      }),
    )
  return any.reduce((result, each) => revive(result, each(), looked), revived)
}

function isIt(value: object, only: NonNullable<Shape['only']>): boolean {
  return Object.entries(value).every(([name, member]) => !Object.hasOwn(only, name) || only[name]?.includes(member))
}
