import { epoch } from '../store/clock.ts'
import type { ListedInitialAccessToken } from '../store/initial-access-tokens.ts'
import type { Store } from '../store/store.ts'
import { refusals as say } from '../wording/wording.ts'
import { by, type Viewer } from './app.ts'

/** What a pipeline's token is for. */
export interface InitialAccessForm {
  readonly name: string
  /** None: every API that its owner sees. */
  readonly apis: readonly string[]
  /** Days until it expires. */
  readonly days: number
}

export type Minted =
  /** The token can't be had again. */
  { readonly ok: true; readonly token: string } | { readonly ok: false; readonly message: string }

/** More than anyone keeps track of. */
const MOST = 50
const LONGEST = 365

/** Initial access tokens (RFC 7591, section 3), with which pipelines register apps that belong to whoever minted the token. */
export function initialAccessOf({ initialAccessTokens, audit }: Pick<Store, 'initialAccessTokens' | 'audit'>) {
  return {
    list: ({ id }: Viewer): Promise<readonly ListedInitialAccessToken[]> => initialAccessTokens.list(id),

    async mint({ name, apis, days }: InitialAccessForm, viewer: Viewer): Promise<Minted> {
      if (name.trim() === '') return { ok: false, message: say.tokenName }
      if (name.length > 100) return { ok: false, message: say.longTokenName(100) }
      if (!Number.isInteger(days) || days < 1 || days > LONGEST) return { ok: false, message: say.days(LONGEST) }
      if ((await initialAccessTokens.list(viewer.id)).length >= MOST) return { ok: false, message: say.tokens(MOST) }
      const expiresAt = epoch() + days * 86_400
      const token = await initialAccessTokens.mint({ ownerId: viewer.id, name: name.trim(), apis, expiresAt })
      await audit.append({
        ...by(viewer),
        action: 'initial-access-token.minted',
        target: viewer.id,
        detail: { name: name.trim(), apis, days },
      })
      return { ok: true, token }
    },

    /** False: the viewer has no such token. Apps that were registered with it stay. */
    async revoke(id: string, viewer: Viewer): Promise<boolean> {
      const revoked = await initialAccessTokens.revokeOwn(id, viewer.id)
      if (revoked)
        await audit.append({
          ...by(viewer),
          action: 'initial-access-token.revoked',
          target: viewer.id,
          detail: { token: id },
        })
      return revoked
    },
  }
}
