import type { Viewer } from '../docs/lens.ts'
import { plain as inWords } from '../wording/wording.ts'

/**
 * Markdown, for machines; safe wherever it is shown, since it is never taken for HTML.
 *
 * @param viewer as whom it is seen, where it depends on that: what of the address couldn't be honoured stands on top
 */
export function plain(text: string, personal: boolean, viewer?: Pick<Viewer, 'problem'>): Response {
  const problem = viewer?.problem === undefined ? '' : `> ${inWords(viewer.problem)}\n\n`
  return new Response(problem + text, {
    headers: {
      'content-type': 'text/markdown; charset=utf-8',
      'cache-control': `${personal ? 'private' : 'public'}, no-cache`,
      vary: 'Cookie',
    },
  })
}
