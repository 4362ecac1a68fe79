import { afterAll, describe, expect, it } from 'vitest'
import { prepare, running } from '../target.ts'

/** What a standard says that an authorization server MUST do: its section in words, and the test that fails where it isn't so. */
export type Row = readonly [must: string, () => Promise<void>]

/** What a standard says, by section, that isn't for this server to do, and why. */
export type NotOurs = Readonly<Record<string, string>>

/** The MUSTs of one standard, in their order. */
export function conformance(standard: string, rows: readonly Row[], notOurs: NotOurs = {}): void {
  prepare()
  afterAll(() => {
    process.stdout.write(`${standard}: ${rows.length} rows; not ours: ${Object.keys(notOurs).length}\n`)
  })
  describe(standard, () => {
    it.each(rows)('%s', (_, row) => row())
    it('had no fault of its own in all this', () => expect(running.faults).toEqual([]))
  })
}
