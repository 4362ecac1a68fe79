/** Markdown, for machines; safe wherever it is shown, since it is never taken for HTML. */
export function plain(text: string, personal: boolean): Response {
  return new Response(text, {
    headers: {
      'content-type': 'text/markdown; charset=utf-8',
      'cache-control': `${personal ? 'private' : 'public'}, no-cache`,
      vary: 'Cookie',
    },
  })
}
