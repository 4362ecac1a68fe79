import type { App } from '../../apps/apps.ts'
import type { ApiModel } from '../../model/api.ts'
import { planSdk } from '../../sdk/plan/build.ts'
import { clientName } from '../../sdk/typescript/client.ts'
import { firstProgram } from '../../sdk/typescript/docs.ts'
import { type CodeFlow, codeFlow } from './code-flow.ts'

export interface GetStartedContext {
  readonly app: Pick<App, 'id' | 'kind' | 'scopes' | 'redirectUris'>
  readonly model: ApiModel
  /** Of SDK packages, without `@`. */
  readonly npmScope: string
  /** Without a slash at the end. */
  readonly publicUrl: string
  /** Only right after it was made. */
  readonly secret?: string | undefined
}

/** How an app comes to its first call. */
export interface GetStarted {
  readonly install: string
  /** The contents of `.env`; undefined for an app that keeps nothing on a server. */
  readonly environment?: string
  /** A whole program, for an app that acts for itself. Undefined where it could call nothing without arguments. */
  readonly program?: string
  /** For an app that acts for people. */
  readonly signIn?: CodeFlow
}

const PROGRAM_ENVIRONMENT = { clientId: 'SALLYPORT_CLIENT_ID', clientSecret: 'SALLYPORT_CLIENT_SECRET' } as const

export function getStarted({ app, model, npmScope, publicUrl, secret }: GetStartedContext): GetStarted {
  const packageName = `@${npmScope}/${model.name}`
  const install = `npm i ${packageName}@app-${app.id} --@${npmScope}:registry=${publicUrl}/npm/`
  const confidential = app.kind === 'service' || app.kind === 'web'
  const environment = [
    `${PROGRAM_ENVIRONMENT.clientId}=${app.id}`,
    `${PROGRAM_ENVIRONMENT.clientSecret}=${secret ?? ''}`,
  ].join('\n')
  // As the registry narrows the package.
  const own = new Set(model.scopes.map(({ name }) => name))
  const scopes = app.scopes.filter((scope) => own.has(scope)).sort()
  const plan = planSdk(model)
  const first = firstProgram(plan, packageName, scopes)
  const program = first.source
    .replaceAll(first.environment.clientId, PROGRAM_ENVIRONMENT.clientId)
    .replaceAll(first.environment.clientSecret, PROGRAM_ENVIRONMENT.clientSecret)
    .trimEnd()
  return {
    install,
    ...(confidential && { environment }),
    ...(app.kind === 'service'
      ? first.call !== undefined && { program }
      : {
          signIn: codeFlow({
            app,
            scopes,
            issuer: `${publicUrl}/oauth`,
            resource: `${publicUrl}/sandbox/${model.name}`,
            packageName,
            client: clientName(plan),
            call: first.call,
            paged: first.paged,
          }),
        }),
  }
}
