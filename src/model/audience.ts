import type { ApiModel } from './api.ts'

/** The API that has an environment with this audience. Undefined where several say so: a token would be good for all. */
export function apiOfAudience(models: Iterable<ApiModel>, audience: string): ApiModel | undefined {
  const claiming = [...models].filter(({ environments }) =>
    Object.values(environments).some((environment) => environment.audience === audience),
  )
  return claiming.length === 1 ? claiming[0] : undefined
}
