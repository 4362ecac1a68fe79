import type { ApiModel } from '../model/api.ts'
import type { GrantContext } from './context.ts'

/** Claims that have a meaning of their own (RFC 7519, 9068, and ours); a document can't redefine them. */
const RESERVED = new Set(
  'iss sub aud exp nbf iat jti client_id scope scp cnf act may_act auth_time acr amr grant_id authorization_details'.split(
    ' ',
  ),
)

/** The claims that an API's `access.yaml` adds to its tokens: `{ groups: user.groups, dept: user.profile.department }`. */
export function apiClaims(
  { claims }: Pick<ApiModel, 'claims'>,
  person: (NonNullable<GrantContext['user']> & { readonly name: string }) | undefined,
): Record<string, unknown> {
  if (person === undefined) return {}
  const { id, email, name, groups, profile } = person
  return Object.fromEntries(
    Object.entries(claims).flatMap(([claim, path]) => {
      const value = RESERVED.has(claim)
        ? undefined
        : read({ user: { id, email, name, groups, profile } }, path.split('.'))
      return value === undefined ? [] : [[claim, value]]
    }),
  )
}

function read(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return read((value as Record<string, unknown>)[key], rest)
}
