import { APPS_OF_PERSON, type Assigned, type ClientRecord } from '../store/clients.ts'
import type { Store } from '../store/store.ts'
import { refusals as say } from '../wording/wording.ts'
import { by, mayManage, type Viewer } from './app.ts'

/** Of whom it belongs to, and of whom it is limited to. */
export type SharingField = 'email' | 'team' | 'emails' | 'groups'

/** What only the authorization server itself can do about verification. */
export interface SharingPort {
  setAppVerified(clientId: string, verified: boolean): Promise<void>
}

export interface SharingOptions {
  readonly store: Pick<Store, 'clients' | 'people' | 'audit'>
  readonly authorization: SharingPort
}

export type SharingOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly field: SharingField; readonly message: string }

/**
 * Who manages an app, and who may use it. An app belongs to a person, and can be shared with a team, which is a group of the
 * directory: its members manage the app as well, also when its owner has left. Undefined throughout: no such app.
 */
export function sharingOf({ store: { clients, people, audit }, authorization }: SharingOptions) {
  async function change(id: string, viewer: Viewer, apply: (client: ClientRecord) => Promise<SharingOutcome>) {
    const client = await clients.get(id)
    return client !== undefined && mayManage(client, viewer) ? apply(client) : undefined
  }

  return {
    /**
     * Who verified an app looked at whose it is: with another owner, or another team, it is verified no more. Unless an
     * administrator hands it over, who could verify it in the next step: they choose themselves whom the mark speaks for.
     *
     * @param team a group that the viewer is in (for administrators, any); empty: none
     */
    handOver: (id: string, to: { readonly email: string; readonly team: string }, viewer: Viewer) =>
      change(id, viewer, async (client) => {
        const email = to.email.trim()
        const person = await people.byEmail(email)
        if (person === undefined || person.status !== 'active') return refused('email', say.owner(email.slice(0, 200)))
        const team = to.team.trim()
        const known = viewer.administrator ? await people.groups() : viewer.groups
        if (team !== '' && !known.includes(team)) return refused('team', say.team)
        const isTheirs = client.ownerId === person.id
        if (!isTheirs && (await clients.count({ ownerId: person.id })) >= APPS_OF_PERSON)
          return refused('email', say.ownsMany(person.email, APPS_OF_PERSON))
        const entry = { ...by(viewer), target: id, detail: { to: person.email, ...(team === '' ? {} : { team }) } }
        const others = !isTheirs || (team !== '' && team !== client.team)
        if (client.verified && others && !viewer.administrator) {
          await authorization.setAppVerified(id, false)
          await audit.append({ ...entry, action: 'client.unverified' })
        }
        await clients.setOwner(id, person.id, team === '' ? undefined : team)
        await audit.append({ ...entry, action: 'client.handed-over' })
        return { ok: true }
      }),

    /** Limits the app to these people and groups; neither: anyone may use it. Counts from the next evaluation on. */
    assign: (
      id: string,
      to: { readonly emails: readonly string[]; readonly groups: readonly string[] },
      viewer: Viewer,
    ) =>
      change(id, viewer, async () => {
        const found = await Promise.all(to.emails.map((email) => people.byEmail(email)))
        const unknown = to.emails.find((_, index) => found[index] === undefined)
        if (unknown !== undefined) return refused('emails', say.email(unknown.slice(0, 200)))
        const groups = await people.groups()
        const missing = to.groups.find((group) => !groups.includes(group))
        if (missing !== undefined) return refused('groups', say.group(missing.slice(0, 100)))
        const assigned: Assigned = { people: found.flatMap((person) => person?.id ?? []), groups: to.groups }
        const limited = assigned.people.length + assigned.groups.length > 0
        await clients.setAssigned(id, limited ? assigned : undefined)
        await audit.append({
          ...by(viewer),
          action: 'client.assigned',
          target: id,
          detail: { emails: to.emails, groups: to.groups },
        })
        return { ok: true }
      }),

    /** The people, by address, and groups that an app is limited to. */
    async assignedTo(id: string, viewer: Viewer): Promise<{ emails: string[]; groups: readonly string[] } | undefined> {
      const client = await clients.get(id)
      if (client?.assigned === undefined || !mayManage(client, viewer)) return undefined
      const found = await Promise.all(client.assigned.people.map((person) => people.get(person)))
      return { emails: found.flatMap((person) => person?.email ?? []), groups: client.assigned.groups }
    },
  }
}

function refused(field: SharingField, message: string): SharingOutcome {
  return { ok: false, field, message }
}
