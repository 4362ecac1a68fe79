import { LONGEST_ACCESS_TOKEN } from '../policy/duration.ts'
import { epoch } from '../store/clock.ts'
import type { Store } from '../store/store.ts'

/** What counts as issued: taking it away ends every access that was given. */
const ISSUED = ['AccessToken', 'AuthorizationCode', 'ClientCredentials', 'DeviceCode', 'Grant', 'RefreshToken']

export type Revocation = ReturnType<typeof revocationIn>

/** Taking access back, at once: refresh tokens and grants are destroyed, access tokens denied at their next use. */
export function revocationIn({ clients, consents, denylist, payloads, people, portalSessions }: Store) {
  const until = () => epoch() + LONGEST_ACCESS_TOKEN + 60

  async function revokeApp(clientId: string): Promise<void> {
    await denylist.add('client', clientId, until())
    await payloads.removeIssued({ clientId }, ISSUED)
  }

  async function revokePerson(personId: string): Promise<void> {
    await denylist.add('person', personId, until())
    await payloads.removeIssued({ personId }, [...ISSUED, 'Session', 'Interaction'])
    await portalSessions.endAll(personId)
  }

  return {
    /** Every token of an app. It may ask for new ones. */
    revokeApp,
    /** Every token in a person's name, and every session. */
    revokePerson,

    denyToken: (jti: string) => denylist.add('jti', jti, until()),
    denyGrant: (grantId: string) => denylist.add('grant', grantId, until()),

    /** What a rule may need of a person has changed: their access tokens are denied, and judged anew at the next refresh. */
    reviewPerson: (personId: string) => denylist.add('person', personId, until()),
    /** Likewise of an app. */
    reviewApp: (clientId: string) => denylist.add('client', clientId, until()),

    async setAppDisabled(clientId: string, disabled: boolean): Promise<void> {
      await clients.setDisabled(clientId, disabled)
      if (!disabled) return
      await revokeApp(clientId)
      await payloads.removeIssued({ clientId }, ['RegistrationAccessToken'])
    },

    /** Rules may ask for verified apps: what it holds is judged anew once it isn't one any more. */
    async setAppVerified(clientId: string, verified: boolean): Promise<void> {
      await clients.setVerified(clientId, verified)
      if (!verified) await denylist.add('client', clientId, until())
    },

    async setPersonDisabled(personId: string, disabled: boolean): Promise<void> {
      await people.setStatus(personId, disabled ? 'disabled' : 'active')
      if (disabled) await revokePerson(personId)
    },

    /** Their apps stay: with a team, or until an administrator hands them over. */
    async removePerson(personId: string): Promise<void> {
      await revokePerson(personId)
      await people.remove(personId)
    },

    async removeClient(clientId: string): Promise<void> {
      await denylist.add('client', clientId, until())
      await clients.remove(clientId)
    },

    /** What a person takes back from an app: consents, and everything that was issued on them. */
    async withdrawConsent(personId: string, clientId: string): Promise<void> {
      await consents.remove(personId, clientId)
      for (const id of await payloads.ids('Grant', { clientId, personId })) await denylist.add('grant', id, until())
      await payloads.removeIssued({ clientId, personId }, ISSUED)
    },

    /** Ends a person's sessions at the authorization server (not the portal's own). */
    endSessions: (personId: string) => payloads.removeIssued({ personId }, ['Session']),
  }
}
