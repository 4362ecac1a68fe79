import type { Gate as State } from '../docs/gate.ts'

/** As `components/Gate.astro`. */
export function Gate({ state }: { readonly state: State }) {
  return (
    <svg className={`gate ${state}`} aria-hidden="true">
      <use href={`#gate-${state}`} />
    </svg>
  )
}
