import type { Viewer } from '../docs/lens.ts'
import { plain as inWords } from '../wording/wording.ts'

/**
 * Markdown, for machines; safe wherever it is shown, since it is never taken for HTML.
 *
 * @param viewer as whom it is seen, where it depends on that: what of the address couldn't be honoured stands on top
 */
export function plain(text: string, personal: boolean, viewer?: Pick<Viewer, 'problem'>): Response {
  return new Response(onTop(viewer) + text, { headers: plainHeaders(personal) })
}

export function onTop(viewer: Pick<Viewer, 'problem'> | undefined): string {
  return viewer?.problem === undefined ? '' : `> ${inWords(viewer.problem)}\n\n`
}

export function plainHeaders(personal: boolean): Record<string, string> {
  return {
    'content-type': 'text/markdown; charset=utf-8',
    'cache-control': `${personal ? 'private' : 'public'}, no-cache`,
    vary: 'Cookie',
  }
}
