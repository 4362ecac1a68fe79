import { grantContext } from '../apps/grant-context.ts'
import { policiesOf } from '../authorization-server/policies.ts'
import { requestLink } from '../docs/links.ts'
import type { ApiModel } from '../model/api.ts'
import { resourceOf } from '../model/audience.ts'
import { grantOfKind } from '../policy/context.ts'
import { judgeWhole, type WholeRequest } from '../policy/whole-request.ts'
import type { Counsel, DenialOptions, Denied } from '../sandbox/denial.ts'
import { epoch } from '../store/clock.ts'
import type { Store } from '../store/store.ts'

export interface CounselOptions {
  readonly publicUrl: string
  readonly store: Pick<Store, 'clients' | 'people' | 'policies'>
}

/** What denied callers of an API are told, who are to take nothing from it but which way is open to them. */
export type CounselOf = (model: ApiModel, audience: string) => NonNullable<DenialOptions['counsel']>

/**
 * Where to get what is missing, and which rule of the access policies gives it, or keeps it back: from this app, and from
 * this person as if they had just signed in. Told as developers are told, without what a rule says of others.
 */
export function counselBy({ publicUrl, store }: CounselOptions): CounselOf {
  return (model, audience) => {
    const isSandbox = audience === resourceOf(publicUrl, model.name)
    return async (denied): Promise<Counsel> => {
      const link = (scopes: readonly string[]) => publicUrl + requestLink(model.name, scopes, denied.clientId)
      const nearest: Counsel = { link: link(denied.ways[0]?.missing ?? []) }
      const contextOf = denied.ways.length === 0 ? undefined : await supposedBy(store, model, denied)
      if (contextOf === undefined) return nearest
      const inForce = await policiesOf(store, model)
      const policies = isSandbox ? inForce : inForce.filter((policy) => policy.default !== true)
      const verdicts: WholeRequest[] = []
      for (const { missing, asked } of denied.ways.slice(0, MOST)) {
        const verdict = judgeWhole(policies, contextOf(asked))
        if (verdict.granted) return { link: link(missing), policy: { ...verdict, further: missing } }
        verdicts.push(verdict)
      }
      return { ...nearest, ...(verdicts[0] !== undefined && { policy: verdicts[0] }) }
    }
  }
}

/** Ways out that are looked at: an operation may take any of a hundred scopes. */
const MOST = 10

/** A request for a token by the app, and the person, whose token was denied; undefined where there is no such app any more. */
async function supposedBy(store: CounselOptions['store'], model: ApiModel, { clientId, sub, address }: Denied) {
  const client = clientId === undefined ? undefined : await store.clients.get(clientId)
  const person = sub === undefined ? undefined : await store.people.get(sub)
  if (client === undefined || (sub !== undefined && person === undefined)) return undefined
  const now = epoch()
  return (scopes: readonly string[]) =>
    grantContext({
      model,
      client,
      grant: person === undefined ? 'client_credentials' : grantOfKind(client.kind),
      ...(person === undefined ? {} : { person, authenticatedAt: now }),
      ...(address === undefined ? {} : { network: address }),
      scopes,
      registered: scopes,
      now,
    })
}
