import { stringify } from 'yaml'
import { by } from '../apps/app.ts'
import { policiesOf } from '../authorization-server/policies.ts'
import { profilesOf } from '../authorization-server/profile.ts'
import { ADMINISTRATORS } from '../model/visibility.ts'
import { writtenPolicies } from '../policy/written.ts'
import type { AuditFilter } from '../store/audit.ts'
import { directory as say } from '../wording/wording.ts'
import { exportAudit } from './audit-export.ts'
import type { Person } from './portal.ts'
import type { ConsoleLocals, ConsoleOutcome } from './portal-people.ts'
import type { Services } from './services.ts'

/** The administrators' area; undefined for anyone else. */
export function consoleFor(
  person: Person,
  {
    store,
    catalog,
    authorizationServer,
    environment: { signInProvider: provider },
  }: Pick<Services, 'store' | 'catalog' | 'authorizationServer' | 'environment'>,
): ConsoleLocals | undefined {
  if (!person.administrator) return undefined
  const profiles = profilesOf({ store, revocation: authorizationServer, saidElsewhere: provider !== undefined })

  async function change(
    personId: string,
    group: string,
    action: 'joined' | 'left',
    apply: () => Promise<void>,
  ): Promise<ConsoleOutcome> {
    const target = await store.people.get(personId)
    if (target === undefined) return { ok: false, message: say.nobody }
    if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u.test(group)) return { ok: false, message: say.notAGroup }
    await apply()
    await authorizationServer.reviewPerson(personId)
    await store.audit.append({
      ...by(person),
      action: `group.${action}`,
      target: personId,
      detail: { group, email: target.email },
    })
    return { ok: true }
  }

  /** Whom a filter names may be told by their address. */
  async function byId<Filter extends AuditFilter>(filter: Filter): Promise<Filter> {
    const of = async (who: string | undefined) =>
      who?.includes('@') === true ? ((await store.people.byEmail(who))?.id ?? who) : who
    const [actor, target] = [await of(filter.actor), await of(filter.target)]
    return { ...filter, ...(actor !== undefined && { actor }), ...(target !== undefined && { target }) }
  }

  return {
    warnings: () => catalog.warnings(),
    examine: (patience) => catalog.examine(patience),
    adoption: (api) => catalog.adoption(api),
    people: () => store.people.list(),
    groups: () => store.people.groups(),
    joinGroup: (personId, group) => change(personId, group, 'joined', () => store.people.joinGroup(personId, group)),
    async leaveGroup(personId, group) {
      const others = (await store.people.list()).filter(
        ({ id, groups, status }) => id !== personId && status === 'active' && groups.includes(ADMINISTRATORS),
      )
      if (group === ADMINISTRATORS && others.length === 0) return { ok: false, message: say.lastAdministrator }
      return change(personId, group, 'left', () => store.people.leaveGroup(personId, group))
    },
    provider: provider && { host: new URL(provider.issuer).host, saysGroups: provider.groupsClaim !== undefined },
    setAttribute: (personId, attribute, values) =>
      profiles.setAttribute(personId, { attribute, values, by: by(person) }),
    audit: async (page) => store.audit.list(await byId(page)),
    async *exportAudit(filter, format) {
      yield* exportAudit(store.audit, await byId(filter), format)
    },
    async policies(api) {
      const model = catalog.compiled(api)?.model
      const policies = model === undefined ? [] : await policiesOf(store, model)
      const text = stringify({ policies: writtenPolicies(policies) }, { lineWidth: 120 }).trimEnd()
      return { text, history: await store.policies.history(api) }
    },
  }
}
