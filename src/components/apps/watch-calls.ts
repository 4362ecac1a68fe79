import { type CallReport, callInWords, callState } from './last-call.ts'

/** Milliseconds between two looks, and when to look less often, and no more. */
const SOON = 1500
const LATER = 10_000
const PATIENCE = 5 * 60_000
const END = 60 * 60_000

/** Asks the portal for the app's last call until one went through. It runs in the browser. */
export function watchCalls(element: HTMLElement): void {
  const { app = '' } = element.dataset
  const status = element.querySelector('[role=status]')
  const again = element.querySelector<HTMLElement>('.again')
  const began = Date.now()
  // The page may be the answer to a form: loading it again must not send that again.
  history.replaceState(null, '', app + (location.pathname === app ? location.search : '') + location.hash)
  if (status === null || again === null || element.dataset.state === 'open') return
  again.hidden = true

  const stop = (): void => {
    again.hidden = false
  }

  const look = async (): Promise<void> => {
    const response = await fetch(`${app}/events`, { headers: { accept: 'application/json' }, redirect: 'error' })
    // Starting again, it answers 503 for a moment.
    if (response.status >= 500) return wait()
    if (!response.ok) return stop()
    const { lastCall }: CallReport = await response.json()
    if (lastCall !== null) {
      const text = callInWords(lastCall)
      if (status.textContent?.trim() !== text) status.textContent = text
      element.dataset.state = callState(lastCall)
    }
    if (element.dataset.state !== 'open') wait()
  }

  const wait = (): void => {
    const waited = Date.now() - began
    if (waited > END) stop()
    else
      setTimeout(
        () => {
          if (document.hidden) document.addEventListener('visibilitychange', attempt, { once: true })
          else attempt()
        },
        waited < PATIENCE ? SOON : LATER,
      )
  }

  // A server that is being restarted comes back.
  const attempt = (): void => {
    look().catch(wait)
  }

  wait()
}
