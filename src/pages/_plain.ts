import type { Viewer } from '../docs/lens.ts'
import { lensInWords } from '../docs/lens-sum.ts'
import type { ApiModel } from '../model/api.ts'
import { plain as inWords } from '../wording/wording.ts'

/** What of an API is shown, and to whom. */
interface Seen {
  readonly model: ApiModel
  readonly viewer: Viewer
}

/**
 * Markdown, for machines; safe wherever it is shown, since it is never taken for HTML.
 *
 * @param seen where it depends on whom it is seen as: that stands on top
 */
export function plain(text: string, personal: boolean, seen?: Seen): Response {
  return new Response(onTop(seen) + text, { headers: plainHeaders(personal) })
}

export function onTop(seen: Seen | undefined): string {
  const words = seen && lensInWords(seen.model, seen.viewer)
  return words === undefined ? '' : `> ${inWords(words)}\n\n`
}

export function plainHeaders(personal: boolean): Record<string, string> {
  return {
    'content-type': 'text/markdown; charset=utf-8',
    'cache-control': `${personal ? 'private' : 'public'}, no-cache`,
    vary: 'Cookie',
  }
}
