import { Fragment } from 'react'
import type { Inline } from '../wording/inline.ts'

/** As `components/Words.astro`. */
export function Words({ of }: { readonly of: readonly Inline[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: a part has no other identity than its place
  return of.map((part, index) => <Fragment key={index}>{element(part)}</Fragment>)
}

function element(part: Inline) {
  if (typeof part === 'string') return part
  if ('code' in part) return <code>{part.code}</code>
  if ('strong' in part) return <b>{part.strong}</b>
  if ('time' in part) return <time dateTime={part.time}>{part.text}</time>
  return <a href={part.href}>{part.link}</a>
}
