/** Milliseconds for which a button says that it has copied. */
const SAID = 2_000

/** Shows a button that copies what stands before it, unless the page may not write to the clipboard. */
function offer(button: HTMLButtonElement): void {
  const word = button.querySelector('[aria-live]')
  const code = button.previousElementSibling
  if (word === null || code === null || navigator.clipboard === undefined) return
  const { textContent } = word
  button.hidden = false
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(code.textContent).then(
      () => {
        word.textContent = button.dataset.copied ?? ''
        setTimeout(() => (word.textContent = textContent), SAID)
      },
      // Refused by the person: the code can still be selected.
      () => (button.hidden = true),
    )
  })
}

for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copied]')) offer(button)
