import { expandAll as say } from '../wording/wording.ts'

/** Where a part of a page has several things to open, a button at its heading that opens all of them, or closes them. */
for (const heading of document.querySelectorAll('.rest>section>h2')) {
  const part = heading.parentElement
  const all = part?.querySelectorAll('details')
  if (!part || !all || all.length < 2) continue
  const button = document.createElement('button')
  button.type = 'button'
  button.classList.add('button', 'bare', 'expand')
  const anyClosed = (): boolean => [...all].some((one) => !one.open)
  const label = (): void => {
    button.textContent = anyClosed() ? say.expand : say.collapse
  }
  button.addEventListener('click', () => {
    const open = anyClosed()
    for (const one of all) one.open = open
  })
  // It doesn't bubble.
  part.addEventListener('toggle', label, true)
  label()
  heading.after(button)
}
