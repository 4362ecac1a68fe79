import type { ApiModel, Grant } from '../model/api.ts'
import { apiClaims } from '../policy/claims.ts'
import { grantOfKind } from '../policy/context.ts'
import { LONGEST_ACCESS_TOKEN } from '../policy/duration.ts'
import type { EvaluatedPolicy } from '../policy/evaluate.ts'
import { type Explanation, explain } from '../policy/explain.ts'
import type { ClientRecord } from '../store/clients.ts'
import type { PersonRecord } from '../store/people.ts'
import { refusals } from '../wording/wording.ts'
import { appOf } from './app.ts'
import { grantContext } from './grant-context.ts'

/** A token that is only looked at. */
export interface PreviewRequest {
  readonly api: string
  /** A person's id; none: by client credentials. */
  readonly personId?: string
  readonly network?: string
  /** Empty: the defaults. */
  readonly scopes: readonly string[]
}

export type Preview =
  /** Before any policy is asked. */
  | { readonly refused: string }
  | {
      readonly explanation: Explanation
      /** Of the access token, as it would be issued now. None: it wouldn't be. */
      readonly claims?: Readonly<Record<string, unknown>>
      /** Lifetimes, in seconds; no refresh token where nobody signs in. */
      readonly lifetimes?: { readonly accessToken: number; readonly refreshToken?: number }
      /** Scopes that the person would be asked about. */
      readonly asks: readonly string[]
    }

export interface PreviewOptions {
  readonly issuer: string
  readonly audience: (api: string) => string
  readonly model: (api: string) => ApiModel | undefined
  readonly policies: (model: ApiModel) => Promise<readonly EvaluatedPolicy[]>
  readonly now: () => number
}

const { preview: say } = refusals

/** The token that an app would get, by the same functions that decide when it asks. Nothing is issued. */
export function previewsBy({ issuer, audience, model: modelOf, policies, now }: PreviewOptions) {
  async function explained(model: ApiModel, client: ClientRecord, request: PreviewRequest, person?: PersonRecord) {
    const at = now()
    const context = grantContext({
      model,
      client,
      grant: grantOf(client, person),
      ...(person === undefined ? {} : { person, authenticatedAt: at }),
      ...(request.network === undefined ? {} : { network: request.network }),
      scopes: request.scopes,
      registered: appOf(client).scopes,
      now: at,
    })
    return explain(await policies(model), context)
  }

  return {
    async token(client: ClientRecord, request: PreviewRequest, person: PersonRecord | undefined): Promise<Preview> {
      const app = appOf(client)
      const model = app.apis.includes(request.api) ? modelOf(request.api) : undefined
      if (model === undefined) return { refused: say.api(request.api) }
      if (app.disabled) return { refused: say.disabled }
      if (person !== undefined && person.status !== 'active') return { refused: say.person(person.email) }
      if (app.kind !== 'service' && person === undefined) return { refused: say.nobody }
      const foreign = request.scopes.find((scope) => !app.scopes.includes(scope))
      if (foreign !== undefined) return { refused: say.scope(foreign) }
      const explanation = await explained(model, client, request, person)
      if (!explanation.granted) return { explanation, asks: [] }
      const issuedAt = now()
      const accessToken = Math.min(explanation.accessToken, LONGEST_ACCESS_TOKEN)
      const { scopes } = explanation
      return {
        explanation,
        claims: {
          ...apiClaims(model, person),
          iss: issuer,
          aud: audience(model.name),
          sub: person?.id ?? app.id,
          client_id: app.id,
          iat: issuedAt,
          exp: issuedAt + accessToken,
          ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
          scp: scopes,
        },
        lifetimes: {
          accessToken,
          ...(person === undefined ? {} : { refreshToken: explanation.refreshToken.lifetime }),
        },
        asks: model.scopes
          .filter(({ name, consent }) => {
            const asked = consent !== 'implicit' || (explanation.consent ?? 'implicit') !== 'implicit'
            return person !== undefined && scopes.includes(name) && asked
          })
          .map(({ name }) => name),
      }
    },

    /** For each scope on its own, whether this app would get it with this person signed in. */
    async scopes(
      model: ApiModel,
      client: ClientRecord,
      person: PersonRecord | undefined,
      scopes: readonly string[],
    ): Promise<ReadonlyMap<string, Explanation>> {
      const asked = client.kind === 'service' ? undefined : person
      const each = scopes.map(
        async (scope): Promise<[string, Explanation]> => [
          scope,
          await explained(model, client, { api: model.name, scopes: [scope] }, asked),
        ],
      )
      return new Map(await Promise.all(each))
    },
  }
}

function grantOf(client: ClientRecord, person: PersonRecord | undefined): Grant {
  return person === undefined ? 'client_credentials' : grantOfKind(client.kind)
}
