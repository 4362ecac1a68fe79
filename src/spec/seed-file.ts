import { z } from 'zod'

/** `seed.yaml`: what the sandbox holds at first, by collection: `/employees: [ … ]`. */
export const seedFileSchema = z.record(z.string().startsWith('/'), z.array(z.record(z.string(), z.unknown())))

export type SeedFile = z.output<typeof seedFileSchema>
