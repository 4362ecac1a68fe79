import type { TryApp } from '../islands/app-session.ts'
import { CALLBACK } from '../islands/try-callback.ts'
import type { Cast } from '../islands/Who.tsx'
import type { ApiModel, Kind } from '../model/api.ts'
import { grantOfKind } from '../policy/context.ts'

/** A device has no page to sign in on, and this one can't be its second. */
function grantHere(kind: Kind): TryApp['grant'] {
  const grant = grantOfKind(kind)
  return grant === 'device_code' ? 'none' : grant
}

/** Who the reader can call an API as: their apps, and whom they may play. */
export async function tryCast(model: ApiModel, { person, portal }: App.Locals): Promise<Cast> {
  const apps = person === undefined ? [] : await portal.appsOf(person)
  const callback = portal.settings.publicUrl + CALLBACK
  return {
    signedIn: person !== undefined,
    players: await portal.personas.players(person),
    apps: apps
      .filter(({ apis, disabled }) => apis.includes(model.name) && !disabled)
      .map(({ id, name, kind, confidential, redirectUris }) => ({
        id,
        name,
        confidential,
        grant: grantHere(kind),
        returnsHere: redirectUris.includes(callback),
      })),
  }
}
