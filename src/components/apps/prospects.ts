import type { Explanation } from '../../policy/explain.ts'
import type { Person } from '../../server/portal.ts'
import type { AppLocals } from '../../server/portal-people.ts'
import type { Draft } from './draft.ts'

/** By API, then by scope: what the policies would say to an app as drafted. */
export type Prospects = ReadonlyMap<string, ReadonlyMap<string, Explanation>>

export async function prospectsOf(draft: Draft, apps: AppLocals, person: Person): Promise<Prospects> {
  const { kind, softwareId } = draft
  const app = { kind, ...(softwareId === '' ? {} : { softwareId }) }
  return new Map(
    await Promise.all(draft.apis.map(async ({ name }) => [name, await apps.prospects(app, name, person)] as const)),
  )
}
