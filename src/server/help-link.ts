/** Where someone who was denied gets on: the app's page, or a registration with what is missing filled in. */
export function helpLink(
  publicUrl: string,
  api: string,
  clientId: string | undefined,
  scopes: readonly string[],
): string {
  if (clientId !== undefined) return `${publicUrl}/apps/${encodeURIComponent(clientId)}`
  return `${publicUrl}/apps/new?${new URLSearchParams([['api', api], ...scopes.map((scope) => ['scope', scope])])}`
}
