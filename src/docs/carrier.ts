import type { ApiModel } from '../model/api.ts'
import { unescapePointer } from '../model/schema.ts'

/** What carries a gated field: to whom lacks its scopes a response comes without it, and a request with it is refused. */
export type Carrier = 'request' | 'response' | 'either'

const known = new WeakMap<ApiModel['operations'], ReadonlyMap<string, Carrier>>()

/** Of the gated fields that are written in a named schema, over all operations. */
export function carrierOf(schema: string, { operations }: Pick<ApiModel, 'operations'>): Carrier {
  const found = known.get(operations) ?? carriers(operations)
  known.set(operations, found)
  return found.get(schema) ?? 'either'
}

/** What the document says of a field by itself. */
export function carrierBy({ readOnly, writeOnly }: { readonly readOnly?: boolean; readonly writeOnly?: boolean }) {
  return readOnly === true ? 'response' : writeOnly === true ? 'request' : undefined
}

function carriers(operations: ApiModel['operations']): Map<string, Carrier> {
  const found = new Map<string, Carrier>()
  for (const { fields } of operations)
    for (const carrier of ['request', 'response'] as const)
      for (const { pointer } of fields[carrier]) {
        const name = /^\/components\/schemas\/([^/]+)/.exec(pointer)?.[1]
        if (name === undefined) continue
        const schema = unescapePointer(name)
        const before = found.get(schema) ?? carrier
        found.set(schema, before === carrier ? carrier : 'either')
      }
  return found
}
