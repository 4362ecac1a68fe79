/** A form, as a query or a body carries it. */
export interface Fields {
  /** The first value; empty where there is none. */
  one(name: string): string
  all(name: string): readonly string[]
}

export function fieldsOf(values: URLSearchParams | FormData): Fields {
  const all = (name: string): string[] => values.getAll(name).filter((value) => typeof value === 'string')
  return { all, one: (name) => all(name)[0] ?? '' }
}

/** What a form of ours posted. A body that no form sends has no fields. */
export async function posted(request: Request): Promise<Fields> {
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') return fieldsOf(new URLSearchParams())
  return fieldsOf(new URLSearchParams(await request.text()))
}
