import type { TryApp } from '../islands/app-session.ts'
import { CALLBACK } from '../islands/try-callback.ts'
import type { Cast } from '../islands/Who.tsx'
import type { ApiModel, Kind } from '../model/api.ts'

const GRANTS: Readonly<Record<Kind, TryApp['grant']>> = {
  service: 'client_credentials',
  web: 'authorization_code',
  'single-page': 'authorization_code',
  native: 'authorization_code',
  device: 'none',
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
        grant: GRANTS[kind],
        returnsHere: redirectUris.includes(callback),
      })),
  }
}
