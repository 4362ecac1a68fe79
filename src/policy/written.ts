import type { Policy } from '../model/api.ts'
import { formatDuration } from './duration.ts'
import type { SharedPolicy } from './sets.ts'

/** Policies as `access.yaml` and `policies.yaml` write them: durations with their units, nothing that is a default. */
export function writtenPolicies(policies: readonly (Policy | SharedPolicy)[]): unknown[] {
  return policies.map(({ name, mode, rules, ...rest }) => ({
    name,
    ...('apis' in rest ? { apis: rest.apis } : {}),
    mode,
    rules: rules.map(({ name, when, then }) => {
      const { authenticatedWithin, ...conditions } = when
      const { accessToken, refreshToken, consent } = then
      return {
        name,
        ...filled('when', { ...conditions, ...inUnits({ authenticatedWithin }) }),
        ...filled('then', {
          ...inUnits({ accessToken }),
          ...(refreshToken === undefined ? {} : { refreshToken: inUnits(refreshToken) }),
          ...(consent === undefined ? {} : { consent }),
        }),
      }
    }),
  }))
}

function inUnits(durations: Readonly<Record<string, number | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(durations).flatMap(([name, seconds]) =>
      seconds === undefined ? [] : [[name, formatDuration(seconds)]],
    ),
  )
}

function filled(name: string, value: object): Record<string, object> {
  return Object.keys(value).length === 0 ? {} : { [name]: value }
}
