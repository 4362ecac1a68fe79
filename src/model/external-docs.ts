import type { ExternalDocs } from './api.ts'
import { defined, isObject, text } from './document.ts'

export function externalDocs(value: unknown): ExternalDocs | undefined {
  const url = isObject(value) ? text(value.url) : undefined
  return url === undefined || !isObject(value)
    ? undefined
    : defined<ExternalDocs>({ url, description: text(value.description) })
}
