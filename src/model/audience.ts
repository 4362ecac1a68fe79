import type { ApiModel } from './api.ts'

/** The resource indicator (RFC 8707) of an API's sandbox, which is also the audience of its tokens. */
export function resourceOf(publicUrl: string, api: string): string {
  return `${publicUrl}/sandbox/${api}`
}

/** The API whose sandbox this is. Exact: no other spelling of a URL names a resource. */
export function apiOfResource(publicUrl: string, resource: string): string | undefined {
  const prefix = `${publicUrl}/sandbox/`
  const name = resource.startsWith(prefix) ? resource.slice(prefix.length) : ''
  return name === '' || name.includes('/') ? undefined : name
}

/** The API that has an environment with this audience. Undefined where several say so: a token would be good for all. */
export function apiOfEnvironment(models: Iterable<ApiModel>, audience: string): ApiModel | undefined {
  const claiming = [...models].filter(({ environments }) =>
    Object.values(environments).some((environment) => environment.audience === audience),
  )
  return claiming.length === 1 ? claiming[0] : undefined
}

/** The API that a token with this audience is for: by its sandbox, or by an environment. */
export function apiOfAudience(
  { publicUrl, models }: { readonly publicUrl: string; readonly models: ReadonlyMap<string, ApiModel> },
  audience: string,
): ApiModel | undefined {
  const sandbox = apiOfResource(publicUrl, audience)
  return sandbox === undefined ? apiOfEnvironment(models.values(), audience) : models.get(sandbox)
}
