import Combobox from '@github/combobox-nav'
import { searchDialog as say } from '../wording/wording.ts'

/** Milliseconds that typing may pause before the server is asked. */
const PAUSE = 80

const dialog = document.querySelector<HTMLDialogElement>('dialog#search')
const link = document.querySelector<HTMLAnchorElement>('.search-link')
const form = dialog?.querySelector('form')
const input = form?.querySelector<HTMLInputElement>('[name=q]')
const list = dialog?.querySelector<HTMLElement>('#search-list')
const status = dialog?.querySelector<HTMLElement>('[role=status]')

if (dialog && link && form && input && list && status) {
  const combobox = new Combobox(input, list, { firstOptionSelectionMode: 'active', tabInsertsSuggestions: false })
  let timer: number | undefined
  let asking: AbortController | undefined

  const open = (): void => {
    dialog.showModal()
    input.select()
    combobox.start()
  }

  /** The list of the results page, as the options of the combobox. */
  const ask = async (): Promise<void> => {
    asking?.abort()
    asking = new AbortController()
    const query = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]))
    const response = await fetch(`${form.action}?${query}`, { signal: asking.signal, headers: { accept: 'text/html' } })
    const page = new DOMParser().parseFromString(await response.text(), 'text/html')
    const items = [...page.querySelectorAll('#found .results > li')].slice(0, 12)
    for (const [index, item] of items.entries()) {
      item.setAttribute('role', 'presentation')
      const option = item.firstElementChild
      option?.setAttribute('role', 'option')
      option?.setAttribute('tabindex', '-1')
      if (option) option.id = `search-option-${index}`
    }
    list.replaceChildren(...items)
    status.textContent = page.querySelector('#found [data-sum]')?.textContent?.trim() ?? ''
    combobox.resetSelection()
  }

  const failed = (error: unknown): void => {
    if (error instanceof Error && error.name === 'AbortError') return
    list.replaceChildren()
    status.textContent = say.unreachable
  }

  link.addEventListener('click', (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    open()
  })
  document.addEventListener('keydown', (event) => {
    const typing = event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]')
    // When it has just closed, its field has the focus until the next frame.
    const left = typing === input && !dialog.open
    const asked = (event.key === 'k' && (event.metaKey || event.ctrlKey)) || (event.key === '/' && (!typing || left))
    if (!asked || dialog.open) return
    event.preventDefault()
    open()
  })
  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = window.setTimeout(() => ask().catch(failed), PAUSE)
  })
  // Told a moment later, when it may be open again.
  dialog.addEventListener('close', () => dialog.open || combobox.stop())
  // Outside of the dialog's box, a click is on the dialog itself: its backdrop.
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close()
  })
  // Another platform has another key.
  if (!/Mac|iP(hone|ad|od)/.test(navigator.userAgent)) {
    const key = link.querySelector('kbd')
    if (key) key.textContent = 'Ctrl K'
  }
}
