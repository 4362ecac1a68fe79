import type { Casting, Persona as PlayedPersona } from '../server/portal-people.ts'
import { tryAnswer } from '../wording/wording.ts'

export type { Casting, DemoPerson as Player } from '../server/portal-people.ts'

/** Who a call is made as. */
export type Caller =
  | { readonly as: 'nobody' }
  /** A token of the sandbox in the browser, with scopes of one's choice. */
  | { readonly as: 'scopes' }
  /** Likewise, with what the policies would grant to this person, in this kind of app, from this network. */
  | { readonly as: 'persona'; readonly persona: Persona }
  /** A real token of one of the developer's apps, for the sandbox on the server. */
  | { readonly as: 'app'; readonly app: string }

/** Without scopes, which are chosen for every caller alike. */
export type Persona = Omit<PlayedPersona, 'scopes'>

export const FIRST_PERSONA: Persona = { person: '', kind: 'service', verified: false, softwareId: '', network: '' }

/** @param scopes what the app asks for; none: the defaults */
export async function cast(api: string, persona: Persona, scopes: readonly string[]): Promise<Casting> {
  const query = new URLSearchParams({
    person: persona.person,
    kind: persona.kind,
    verified: String(persona.verified),
    softwareId: persona.softwareId,
    network: persona.network,
  })
  for (const scope of scopes) query.append('scope', scope)
  const response = await fetch(`/apis/${encodeURIComponent(api)}/persona.json?${query}`)
  if (!response.ok) throw new Error(tryAnswer.noPolicies(response.status))
  return response.json()
}
