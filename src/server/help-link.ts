import { requestLink } from '../docs/links.ts'

/** Where someone who was denied gets on: the app's page, or a registration, with what is missing filled in. */
export function helpLink(
  publicUrl: string,
  api: string,
  clientId: string | undefined,
  scopes: readonly string[],
): string {
  return publicUrl + requestLink(api, scopes, clientId)
}
