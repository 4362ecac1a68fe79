import type { IncomingMessage } from 'node:http'
import type { Client, Configuration, KoaContextWithOIDC } from 'oidc-provider'
import type { Store } from '../store/store.ts'
import { makerOf } from './app-maker.ts'
import { appClient } from './client-metadata.ts'
import { type DeviceProblem, setPage, xsrfOf } from './page.ts'

type DeviceFlow = NonNullable<NonNullable<Configuration['features']>['deviceFlow']>

/** By the library's names. */
const PROBLEMS: Readonly<Record<string, DeviceProblem>> = {
  NoCodeError: 'missing',
  NotFoundError: 'unknown',
  ExpiredError: 'expired',
  AlreadyUsedError: 'used',
  AbortedError: 'refused',
}

const CODE = /^[A-Za-z0-9-]{1,20}$/
const typed = new WeakMap<IncomingMessage, string>()

/**
 * A link with the code in it (`verification_uri_complete`) fills in the form and no more: whether it is the code on one's own
 * device, a person has to look (RFC 8628, section 5.4). The library would send the form by a script.
 */
export function prefillDeviceCode(request: IncomingMessage): void {
  const [path, query] = (request.url ?? '').split('?', 2)
  if (request.method !== 'GET' || path !== '/device' || query === undefined) return
  const code = new URLSearchParams(query).get('user_code')
  if (code === null) return
  if (CODE.test(code)) typed.set(request, code.toUpperCase())
  request.url = '/device'
}

/** The device authorization grant (RFC 8628), with the portal's own pages. */
export const deviceFlow = (store: Store) =>
  ({
    enabled: true,
    // 20^8 codes, of ten minutes each.
    charset: 'base-20',
    mask: '****-****',

    userCodeInputSource(ctx: KoaContextWithOIDC, _form: string, out?: { error: string }, error?: Error): void {
      const userCode = typed.get(ctx.req) ?? postedCode(ctx)
      const problem = error === undefined ? undefined : (PROBLEMS[error.name] ?? 'failed')
      // An expired form is no matter of the code's.
      if (out?.error === 'server_error') ctx.status = 500
      setPage(ctx, {
        kind: 'device-code',
        action: ctx.oidc.urlFor('code_verification'),
        xsrf: xsrfOf(ctx),
        ...(userCode === undefined ? {} : { userCode }),
        ...(problem === undefined ? {} : { problem }),
      })
    },

    async userCodeConfirmSource(
      ctx: KoaContextWithOIDC,
      _form: string,
      client: Client,
      _info: unknown,
      userCode: string,
    ): Promise<void> {
      const { id, name } = appClient(client)
      const maker = await makerOf(store, id)
      setPage(ctx, {
        kind: 'device-confirmation',
        action: ctx.oidc.urlFor('code_verification'),
        xsrf: xsrfOf(ctx),
        userCode,
        app: { name, ...maker },
      })
    },

    successSource(ctx: KoaContextWithOIDC): void {
      const app = ctx.oidc.client === undefined ? '' : appClient(ctx.oidc.client).name
      setPage(ctx, { kind: 'device-connected', app })
    },
  }) satisfies DeviceFlow

function postedCode({ oidc }: KoaContextWithOIDC): string | undefined {
  const code: unknown = oidc.params?.user_code
  return typeof code === 'string' && CODE.test(code) ? code : undefined
}
