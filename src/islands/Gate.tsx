import type { Gate as State } from '../docs/gate.ts'

/** As `components/Gate.astro`. */
export function Gate({ state }: { readonly state: State }) {
  return (
    <svg className={`gate ${state}`} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" focusable="false">
      <path
        d="M2 1v10M10 1v10"
        stroke="currentColor"
        strokeWidth="2"
        strokeDasharray={state === 'unknown' ? '2 2' : undefined}
      />
      {state === 'scope' && <path d="M3.5 6h1.4M6.1 6h1.4M8.2 6h.6" stroke="currentColor" strokeWidth="2" />}
      {state === 'shut' && <path d="M2 3h8M2 6h8M2 9h8" stroke="currentColor" strokeWidth="1.4" />}
    </svg>
  )
}
