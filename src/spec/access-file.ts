import { z } from 'zod'
import { severitiesSchema } from './severity.ts'

/**
 * `access.yaml`: what a publisher says about an API besides its OpenAPI document: the wording of scopes, who may see the
 * API, and the access policies that decide which scopes a token may hold. Unknown keys are errors, so that a misspelt
 * condition can never silently widen access.
 */

const UNIT = { s: 1, m: 60, h: 3600, d: 86_400 } as const

/** `15m`, `12h`, `30d` … read as seconds. */
const duration = z
  .string()
  .regex(/^[1-9]\d{0,5}[smhd]$/, 'takes a number and a unit: 90s, 15m, 12h or 30d')
  .transform((text) => Number.parseInt(text, 10) * UNIT[text.at(-1) as keyof typeof UNIT])

const consent = z.enum(['implicit', 'optional', 'required'])
const strings = z.array(z.string().min(1))
const network = z.union(
  [z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()],
  'takes an address or a network: 10.0.0.0/8, 2001:db8::/32',
)

/** Names are how a rule is spoken of: in the audit log, in what a developer is told, in what changed. */
export function uniqueNames(items: readonly { readonly name: string }[], context: z.RefinementCtx): void {
  items.forEach(({ name }, index) => {
    if (items.findIndex((item) => item.name === name) < index)
      context.addIssue({ code: 'custom', path: [index, 'name'], message: `another one here is called ${name} already` })
  })
}

export const GRANTS = ['authorization_code', 'client_credentials', 'device_code'] as const
export const KINDS = ['service', 'web', 'single-page', 'native', 'device'] as const

const rule = z.strictObject({
  name: z.string().min(1),
  when: z
    .strictObject({
      grants: z.array(z.enum(GRANTS)).optional(),
      clients: z
        .strictObject({
          kinds: z.array(z.enum(KINDS)).optional(),
          softwareIds: strings.optional(),
          ids: strings.optional(),
        })
        .optional(),
      users: z
        .union([
          z.literal('none'),
          z.strictObject({
            groups: strings.optional(),
            emails: strings.optional(),
            profile: z.record(z.string(), strings).optional(),
          }),
        ])
        .optional(),
      networks: z.array(network).optional(),
      scopes: strings.optional(),
      authenticatedWithin: duration.optional(),
    })
    .default({}),
  // biome-ignore lint/suspicious/noThenProperty: `then` is the file format's word; a rule is never awaited.
  then: z
    .strictObject({
      accessToken: duration.optional(),
      refreshToken: z.strictObject({ lifetime: duration, idle: duration }).optional(),
      consent: consent.optional(),
    })
    .default({}),
})

export const policySchema = z.strictObject({
  name: z.string().min(1),
  mode: z.enum(['all-or-nothing', 'partial']).default('all-or-nothing'),
  rules: z.array(rule).superRefine(uniqueNames),
})

export const accessFileSchema = z.strictObject({
  lifecycle: z.enum(['draft', 'stable', 'deprecated', 'retired']).optional(),
  sunset: z.iso.date().optional(),
  family: z.string().min(1).optional(),
  owner: z.strictObject({ name: z.string().min(1), email: z.email().optional() }).optional(),
  visibility: z.union([z.enum(['public', 'signed-in']), z.strictObject({ groups: strings.min(1) })]).optional(),
  scopes: z
    .record(
      z.string(),
      z.strictObject({
        title: z.string().optional(),
        description: z.string().optional(),
        consent: consent.optional(),
        default: z.boolean().optional(),
      }),
    )
    .optional(),
  claims: z.record(z.string(), z.string()).optional(),
  environments: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'takes a name such as production'),
      z.strictObject({
        server: z.url({ protocol: /^https?$/, error: 'takes the URL that the API is reached at' }),
        audience: z.string().regex(/^[!-~]+$/, 'takes a URI, such as https://api.example.com'),
      }),
    )
    .optional(),
  /** How grave what `sallyport check` finds is here, by its code. */
  check: severitiesSchema.optional(),
  policies: z.array(policySchema).superRefine(uniqueNames).optional(),
})

export type AccessFile = z.output<typeof accessFileSchema>
/** Durations are in seconds. */
export type Policy = z.output<typeof policySchema>
export type Rule = Policy['rules'][number]
export type Consent = z.output<typeof consent>
export type Grant = (typeof GRANTS)[number]
export type Kind = (typeof KINDS)[number]
export type Visibility = NonNullable<AccessFile['visibility']>
