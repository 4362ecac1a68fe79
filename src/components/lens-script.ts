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
  const claims = value.trim() === '' ? undefined : claimsOf(value.trim())
  const scopes = claims && scopesOf(claims)
  const status = panel.querySelector('[role=status]')
  status?.replaceChildren(value.trim() !== '' && scopes === undefined ? say.noToken : '')
  if (claims === undefined || scopes === undefined) return
  const known = [...form.querySelectorAll<HTMLInputElement>('input[name=scope]')].map((box) => box.value)
  const held = known.filter((scope) => scopes.includes(scope)).sort()
  const kept = [...form.querySelectorAll<HTMLInputElement>('input[type=hidden]')].map((field) => [
    field.name,
    field.value,
  ])
  const query = new URLSearchParams([...kept, ['as', 'scopes'], ...held.map((scope) => ['scope', scope])])
  const address = `${form.action}?${query}`
  const refusal = refusedFor(claims)
  if (refusal === undefined) {
    location.assign(address)
    return
  }
  const view = document.createElement('a')
  view.href = address
  view.textContent = say.viewAnyway
  status?.replaceChildren(`${refusal} `, view)
}

type Claims = Readonly<Record<string, unknown>>

function claimsOf(token: string): Claims | undefined {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
    const claims: unknown = JSON.parse(atob(payload))
    return typeof claims === 'object' && claims !== null ? (claims as Claims) : undefined
  } catch {
    return undefined
  }
}

/** `scope` of RFC 9068, or `scp` as Okta and Entra have it. Undefined: it doesn't say. */
function scopesOf({ scope, scp }: Claims): string[] | undefined {
  const said = scope ?? scp
  return typeof said === 'string' ? said.split(' ') : Array.isArray(said) ? said.map(String) : undefined
}

/** Whatever its scopes. Of what another server issued, nobody here knows which API it is for. */
function refusedFor({ exp, iss, aud }: Claims): string | undefined {
  if (typeof exp === 'number' && exp * 1000 <= Date.now()) return say.expired(new Date(exp * 1000))
  const [, , api] = location.pathname.split('/')
  const audiences = Array.isArray(aud) ? aud.map(String) : [String(aud)]
  const here = `${location.origin}/sandbox/${api}`
  return iss === `${location.origin}/oauth` && !audiences.includes(here)
    ? say.elsewhere(audiences.join(', '))
    : undefined
}
