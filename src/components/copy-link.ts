import { fieldLinks as say } from '../wording/wording.ts'

/** The name of a field or a parameter is a link to it; following it also copies its address. */
document.addEventListener('click', ({ target, metaKey, ctrlKey, shiftKey }) => {
  const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a.anchor') : null
  if (link === null || metaKey || ctrlKey || shiftKey) return
  navigator.clipboard?.writeText(link.href).then(
    () => tell(link),
    // Without leave to write, the address is still in the address bar.
    () => undefined,
  )
})

let said: HTMLElement | undefined

/** Said once, and gone when something else is copied. */
function tell(link: HTMLAnchorElement): void {
  said?.remove()
  const note = document.createElement('span')
  said = note
  note.classList.add('muted', 'small')
  note.setAttribute('role', 'status')
  link.after(note)
  note.textContent = ` ${say.copied}`
}
