import type { Kind } from '../spec/access-file.ts'

/** Kinds of app that there are, in the order in which they are offered. */
export const KINDS = ['service', 'web', 'single-page', 'native', 'device'] as const satisfies readonly Kind[]
