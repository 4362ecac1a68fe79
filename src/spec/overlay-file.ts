import { z } from 'zod'

/** `overlay.yaml`: an OpenAPI Overlay 1.0 or 1.1. */
export const overlayFileSchema = z.strictObject({
  overlay: z.string().regex(/^1\.[01]\.\d+$/, 'takes the version of the Overlay Specification: 1.0.0 or 1.1.0'),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  extends: z.string().optional(),
  actions: z
    .array(
      z
        .strictObject({
          target: z.string().min(1),
          description: z.string().optional(),
          update: z.unknown().optional(),
          copy: z.string().optional(),
          remove: z.boolean().optional(),
        })
        .refine(
          ({ update, copy, remove }) =>
            [update !== undefined, copy !== undefined, remove === true].filter(Boolean).length === 1,
          'takes one of update, copy and remove: true',
        ),
    )
    .min(1),
})

export type OverlayFile = z.output<typeof overlayFileSchema>
