import type { Viewer } from '../apps/app.ts'
import { policiesOf } from '../authorization-server/policies.ts'
import type { ApiModel } from '../model/api.ts'
import { type GrantContext, grantOfKind } from '../policy/context.ts'
import { explain, inShort } from '../policy/explain.ts'
import { judgeWhole } from '../policy/whole-request.ts'
import { epoch } from '../store/clock.ts'
import type { Store } from '../store/store.ts'
import type { PersonaLocals } from './portal-people.ts'

/**
 * Who can be played in try it: in the demo everyone, elsewhere oneself. What a policy says of another person is that
 * person's affair.
 */
export function personasOf({ store, demo }: { readonly store: Store; readonly demo: boolean }): PersonaLocals {
  async function players(reader: Viewer | undefined) {
    const self = reader === undefined ? undefined : await store.people.get(reader.id)
    const people = demo ? await store.people.list() : self === undefined ? [] : [self]
    return people.filter(({ status }) => status === 'active')
  }

  return {
    async players(reader) {
      return (await players(reader)).map(({ id, name, groups }) => ({ id, name, groups }))
    },

    async cast(model, persona, reader) {
      const user = (await players(reader)).find(({ id }) => id === persona.person)
      if (persona.person !== '' && user === undefined) return undefined
      const { kind, verified, softwareId, network, scopes } = persona
      const policies = await policiesOf(store, model)
      const context: GrantContext = {
        api: model.name,
        grant: grantOfKind(kind),
        client: { id: 'try-it', kind, verified, ...(softwareId !== '' && { softwareId }) },
        ...(user !== undefined && { user }),
        ...(network !== '' && { network }),
        requested: scopes.filter((scope) => declares(model, scope)),
        defaults: model.scopes.filter((scope) => scope.default).map(({ name }) => name),
        authenticatedAt: epoch(),
        now: epoch(),
      }
      const explanation = explain(policies, context)
      if (!explanation.granted) return { granted: false, reason: inShort(explanation) }
      const { policy, rule, scopes: granted } = explanation
      const whole = judgeWhole(policies, context)
      return { granted: true, scopes: granted, policy, rule, ...(!whole.granted && { less: whole.reason }) }
    },
  }
}

function declares({ scopes }: ApiModel, name: string): boolean {
  return scopes.some((scope) => scope.name === name)
}
