import { z } from 'zod'

/** The file's name, beside the documents. */
export const PORTAL_FILE = 'portal.yaml'

/** `portal.yaml`: the portal's name and brand. Unknown keys are errors. */
export const portalFileSchema = z.strictObject({
  name: z.string().min(1).max(60).default('Sallyport'),
  /** A file beside `portal.yaml`. */
  logo: z.string().optional(),
  accent: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'takes a colour as #rrggbb')
    .optional(),
  /** Of the packages in the npm registry. */
  npmScope: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9._-]{0,60}$/,
      'takes an npm scope without the @: lower-case letters, digits, dots and dashes',
    )
    .default('sallyport'),
  /** Markdown. */
  home: z.string().optional(),
})

export type PortalFile = z.output<typeof portalFileSchema>
