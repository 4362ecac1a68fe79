/** Whether two JSON values are the same, whatever the order of their members (JSON Schema 2020-12 section 4.2.2). */
export function equals(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  return canonical(one) === canonical(other)
}

/** Whether no two of them are the same. By their text: comparing each with each would take a long list for ever. */
export function distinct(values: readonly unknown[]): boolean {
  const seen = new Set<unknown>()
  for (const value of values) {
    const key = typeof value === 'object' && value !== null ? `${OBJECT}${canonical(value)}` : value
    if (seen.has(key)) return false
    seen.add(key)
  }
  return true
}

/** Tells the text of an object from a string that reads the same: no text of a document begins so. */
const OBJECT = '\u0000object '

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
