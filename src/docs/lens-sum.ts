import type { ApiModel } from '../model/api.ts'
import type { Inline } from '../wording/inline.ts'
import { counted, lens as say } from '../wording/wording.ts'
import { subject, type Viewer } from './lens.ts'
import { nearest, reach } from './verdict.ts'

type Seen = Pick<ApiModel, 'operations'>

/** How much of an API is open to whom it is seen as, or why that can't be said. */
export function lensSum(model: Seen, viewer: Viewer): readonly Inline[] {
  if (viewer.problem !== undefined) return viewer.problem
  const { callable, of, hidden, unstated } = reach(model, viewer)
  if (viewer.lens.as === 'everything') return [counted.operations(of)]
  const best = callable === 0 && of > 0 ? nearest(model, viewer) : undefined
  return best === undefined
    ? [say.sum(callable, of, hidden, unstated)]
    : say.opensNothing(subject(viewer), best.scope, best.opens, of)
}

/** For what has no strip on top. Undefined: it is seen as nobody in particular. */
export function lensInWords(model: Seen, viewer: Viewer): readonly Inline[] | undefined {
  const { lens, name, problem, note } = viewer
  if (problem !== undefined) return problem
  if (lens.as === 'everything') return undefined
  return say.seen(name, lens.as === 'scopes' ? lens.scopes : [], note ?? [], lensSum(model, viewer))
}
