import type { KeyObject } from 'node:crypto'

/** What the thread that signs ({@link ./signing-worker.ts}) is asked. It answers with the signatures, one after another. */
export interface SigningJob {
  /** Private, of ES256. */
  readonly key: KeyObject
  /** In ASCII. */
  readonly texts: readonly string[]
}

/** Bytes of one. */
export const SIGNATURE = 64
