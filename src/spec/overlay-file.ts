import { z } from 'zod'

const action = extensible({
  target: z.string().min(1),
  description: z.string().optional(),
  update: z.unknown().optional(),
  copy: z.string().optional(),
  remove: z.boolean().optional(),
}).refine(
  ({ update, copy, remove }) => [update, copy, remove || undefined].filter((what) => what !== undefined).length === 1,
  'takes one of update, copy and remove: true',
)

/** `overlay.yaml`: an OpenAPI Overlay 1.0 or 1.1. Unknown keys are errors, except for extensions, `x-…`. */
export const overlayFileSchema = extensible({
  overlay: z.string().regex(/^1\.[01]\.\d+$/, 'takes the version of the Overlay Specification: 1.0.0 or 1.1.0'),
  info: extensible({ title: z.string(), version: z.string(), description: z.string().optional() }),
  extends: z.string().optional(),
  actions: z.array(action).min(1),
})

export type OverlayFile = z.output<typeof overlayFileSchema>

function extensible<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.looseObject(shape).superRefine((value, context) => {
    for (const key of Object.keys(value))
      if (!Object.hasOwn(shape, key) && !key.startsWith('x-'))
        context.addIssue({ code: 'custom', path: [key], message: `Unrecognized key: "${key}"` })
  })
}
