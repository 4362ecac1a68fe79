import type { Policy } from '../../../src/model/api.ts'
import { evaluate, type GrantContext } from '../../../src/policy/evaluate.ts'
import type { Bench } from '../bench.ts'

const POLICIES = 100
const RULES = 20
/** Evaluations per metric and round. */
const RUNS = 20_000

export const bench: Bench = {
  title: 'Evaluating access policies',
  about:
    `${POLICIES} policies of ${RULES} rules, each of which states a grant, an app or a software id, a group, an attribute ` +
    'and scopes of its own. The request matches the very last rule, or none. The third figure has rules that differ in ' +
    'their network alone, which is not indexed: every rule for the request’s scopes has its conditions checked in turn.',
  metrics: [
    { id: 'last', title: 'Granted by the last rule', unit: 'µs', better: 'lower', target: { value: 20 } },
    { id: 'none', title: 'Denied by every rule', unit: 'µs', better: 'lower', target: { value: 20 } },
    {
      id: 'networks',
      title: 'Denied by 20 rules on networks, among 2,000',
      unit: 'µs',
      better: 'lower',
      target: { value: 20 },
    },
  ],
  contestants: [
    {
      name: 'Sallyport',
      async prepare() {
        const mixed = policies((place) => ({
          grants: ['authorization_code'],
          clients: place % 2 === 0 ? { softwareIds: [`software-${place}`, 'desk'] } : { kinds: ['native'] },
          users: { groups: [`group-${place}`], profile: { department: ['news', `department-${place}`] } },
          scopes: ['api:read', `scope-${place}`],
        }))
        const byNetwork = policies((place) => ({
          networks: [`10.${place >> 8}.${place & 255}.0/24`],
          scopes: [place % POLICIES === 0 ? 'api:read' : `scope-${place}`],
        }))
        const last = context([`group-${POLICIES * RULES - 1}`, 'staff'])
        const none = context(['staff'])
        if (!evaluate(mixed, last).granted || evaluate(mixed, none).granted || evaluate(byNetwork, none).granted)
          throw new Error('The policies do not decide as the metrics say.')
        return async () => ({
          last: time(() => evaluate(mixed, last)),
          none: time(() => evaluate(mixed, none)),
          networks: time(() => evaluate(byNetwork, none)),
        })
      },
    },
  ],
  peers: {},
}

function policies(when: (place: number) => Policy['rules'][number]['when']): Policy[] {
  return Array.from({ length: POLICIES }, (_, policy) => ({
    name: `Policy ${policy}`,
    mode: 'all-or-nothing',
    rules: Array.from({ length: RULES }, (_, rule) => ({
      name: `Rule ${rule}`,
      when: when(policy * RULES + rule),
      // biome-ignore lint/suspicious/noThenProperty: `then` is the file format's word; a rule is never awaited.
      then: {},
    })),
  }))
}

function context(groups: readonly string[]): GrantContext {
  return {
    api: 'publishing',
    grant: 'authorization_code',
    client: { id: 'app', kind: 'native', softwareId: 'desk', verified: true },
    user: { id: 'kim', email: 'kim@example.com', groups, profile: { department: 'news' } },
    network: '192.0.2.7',
    requested: ['api:read'],
    defaults: [],
    now: 1_000,
  }
}

/** Microseconds per run. */
function time(run: () => unknown): number {
  const start = process.hrtime.bigint()
  for (let count = 0; count < RUNS; count++) run()
  return Number(process.hrtime.bigint() - start) / 1000 / RUNS
}
