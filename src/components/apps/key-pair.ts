import { keyPair as say } from '../../wording/wording.ts'

/** Makes a key pair in the browser. The private key goes into a file of the developer's, and nowhere else. */
export function offerKeys(root: HTMLElement): void {
  const text = root.querySelector('textarea')
  const actions = root.querySelector<HTMLElement>('[data-key-actions]')
  const generate = root.querySelector<HTMLButtonElement>('[data-generate]')
  const file = root.querySelector<HTMLInputElement>('[data-file]')
  const save = root.querySelector<HTMLAnchorElement>('[data-private]')
  const status = root.querySelector<HTMLElement>('[data-key-status]')
  if (text === null || actions === null || generate === null || file === null || save === null || status === null)
    return
  actions.hidden = false

  generate.addEventListener('click', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
    const kid = crypto.randomUUID()
    const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey)
    const known = { kid, alg: 'ES256', use: 'sig' }
    const privateKey = { ...(await crypto.subtle.exportKey('jwk', pair.privateKey)), ...known }
    text.value = JSON.stringify({ keys: [{ kty, crv, x, y, ...known }] }, null, 2)
    URL.revokeObjectURL(save.href)
    save.href = URL.createObjectURL(new Blob([JSON.stringify(privateKey, null, 2)], { type: 'application/jwk+json' }))
    save.hidden = false
    // At once: it is gone with the page, which is left by registering the app.
    save.click()
    status.textContent = say.made(save.download)
  })

  file.addEventListener('change', async () => {
    const [chosen] = file.files ?? []
    if (chosen === undefined) return
    const content = await chosen.text()
    // A private key must not even be sent to be refused.
    if (/PRIVATE KEY|"d"\s*:/.test(content)) {
      status.textContent = say.isPrivate
      return
    }
    text.value = content
    status.textContent = say.readFrom(chosen.name)
  })
}
