import { lensScript as say } from '../wording/wording.ts'

/** What the lens can do with JavaScript beyond its form: apply at once, read a token here in the browser, copy the address. */
const strip = document.querySelector<HTMLElement>('.strip')
const form = strip?.querySelector('form')
const select = form?.querySelector('select')
const panel = strip?.querySelector<HTMLElement>('[data-token]')
const token = panel?.querySelector('textarea')
const link = strip?.querySelector<HTMLAnchorElement>('[data-copy]')

if (form && select) {
  if (panel && token) {
    select.add(new Option(say.aToken, 'token'))
    token.addEventListener('input', () => read(token.value, form, panel))
  }
  select.addEventListener('change', () => {
    if (panel) panel.hidden = select.value !== 'token'
    if (select.value === 'token') token?.focus()
    else if (select.value === 'scopes') form.querySelector('details')?.setAttribute('open', '')
    else form.requestSubmit()
  })
}

if (link) {
  link.textContent = say.copyLink
  link.addEventListener('click', (event) => {
    event.preventDefault()
    navigator.clipboard.writeText(link.href).then(
      () => (link.textContent = say.copied),
      () => location.assign(link.href),
    )
  })
}

/** The token stays in its field, which has no name and is in no form: its scopes alone reach the address. */
function read(value: string, form: HTMLFormElement, panel: HTMLElement): void {
  const scopes = value.trim() === '' ? undefined : scopesOf(value.trim())
  const status = panel.querySelector('[role=status]')
  if (status) status.textContent = value.trim() !== '' && scopes === undefined ? say.noToken : ''
  if (scopes === undefined) return
  const known = [...form.querySelectorAll<HTMLInputElement>('input[name=scope]')].map((box) => box.value)
  const held = known.filter((scope) => scopes.includes(scope)).sort()
  const kept = [...form.querySelectorAll<HTMLInputElement>('input[type=hidden]')].map((field) => [
    field.name,
    field.value,
  ])
  const query = new URLSearchParams([...kept, ['as', 'scopes'], ...held.map((scope) => ['scope', scope])])
  location.assign(`${form.action}?${query}`)
}

/** `scope` of RFC 9068, or `scp` as Okta and Entra have it. Undefined: no JWT, or none that says. */
function scopesOf(token: string): string[] | undefined {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
    const { scope, scp } = JSON.parse(atob(payload))
    const said: unknown = scope ?? scp
    return typeof said === 'string' ? said.split(' ') : Array.isArray(said) ? said.map(String) : undefined
  } catch {
    return undefined
  }
}
