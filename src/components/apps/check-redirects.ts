/** Says while redirect URIs are typed what registration would say of them. */
export function checkRedirects(form: HTMLFormElement): void {
  const text = form.querySelector<HTMLTextAreaElement>('textarea[name=redirectUris]')
  const status = form.querySelector<HTMLElement>('[data-redirect-status]')
  if (text === null || status === null) return
  let asked = 0

  async function check(kind: string, uris: readonly string[]): Promise<string[]> {
    const problems = uris.map(async (uri) => {
      const response = await fetch(`/apps/redirect-uri?${new URLSearchParams({ kind, uri })}`)
      const { problem } = response.ok ? await response.json() : { problem: null }
      return typeof problem === 'string' ? [`${uri} ${problem}`] : []
    })
    return (await Promise.all(problems)).flat()
  }

  form.addEventListener('change', async ({ target }) => {
    if (!(target instanceof Element) || !target.matches('[name=redirectUris], [name=kind]')) return
    const kind = new FormData(form).get('kind') ?? form.dataset.kind
    const uris = text.value.split(/\r\n|\r|\n/).map((line) => line.trim())
    const turn = ++asked
    const problems = typeof kind === 'string' ? await check(kind, uris.filter(Boolean).slice(0, 20)) : []
    // A later change has been asked about meanwhile.
    if (turn === asked) status.textContent = problems.join('; ')
  })
}
