import type { TryForm } from '../docs/try-it.ts'
import type { TryDraft } from '../docs/try-request.ts'
import { plain } from './share.ts'

/** A sample as the page shows it, with what is filled in; empty where there is none of that kind. */
export function sampleText(id: string): string {
  return document.querySelector(`[data-sample="${CSS.escape(id)}"] code`)?.textContent ?? ''
}

/** Milliseconds without a change before the samples follow. */
const PAUSE = 400

/**
 * Writes what is filled in into the samples of the page. They are made on the server, by the code that made them at first:
 * generators for every language would be more script than the rest of the page.
 *
 * @param typed keys of the parameters that were filled in here, which other operations' samples are to show as well; what
 *   came with an address is no one's own
 * @returns gives up waiting
 */
export function showSamples(form: TryForm, draft: TryDraft, typed: ReadonlySet<string>): () => void {
  const controller = new AbortController()
  const timer = setTimeout(() => {
    void follow(form, draft, typed, controller.signal)
  }, PAUSE)
  return () => {
    clearTimeout(timer)
    controller.abort()
  }
}

async function follow(
  { api, operation }: TryForm,
  draft: TryDraft,
  typed: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  const { parameters, media, body } = draft
  const path = `/apis/${encodeURIComponent(api)}/operations/${encodeURIComponent(operation)}/samples.json`
  const response = await fetch(path + location.search, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ parameters, media, body, keep: [...typed] }, plain),
    signal,
  }).catch(() => undefined)
  // Without an answer they stay as they are: they were right for something.
  if (response?.ok !== true) return
  const samples: readonly { readonly id: string; readonly code: string }[] = await response.json()
  for (const { id, code } of samples) {
    const shown = document.querySelector(`[data-sample="${CSS.escape(id)}"] code`)
    if (shown !== null) shown.textContent = code
  }
}
