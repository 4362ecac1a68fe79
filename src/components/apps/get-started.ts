import type { App } from '../../apps/apps.ts'
import type { ApiModel } from '../../model/api.ts'
import { planSdk } from '../../sdk/plan/build.ts'
import { clientName } from '../../sdk/typescript/client.ts'
import { ENVIRONMENT, firstProgram } from '../../sdk/typescript/docs.ts'
import { type SignInProgram, signInPrograms } from './sign-in-program.ts'

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
  /** For npm. */
  readonly install: string
  readonly pnpm: string
  readonly yarn: string
  /** The contents of `.env`; undefined for an app that keeps nothing on a server. */
  readonly environment?: string
  /** A whole program, for an app that acts for itself. Undefined where it could call nothing without arguments. */
  readonly program?: string
  /** For an app that acts for people. */
  readonly signIn?: readonly SignInProgram[]
}

export function getStarted({ app, model, npmScope, publicUrl, secret }: GetStartedContext): GetStarted {
  const packageName = `@${npmScope}/${model.name}`
  const registry = `${publicUrl}/npm/`
  const wanted = `${packageName}@app-${app.id}`
  // Exactly: a range would take another app's package for an update of this one.
  const install = `npm i -E ${wanted} --@${npmScope}:registry=${registry}`
  const pnpm = `pnpm add -E ${wanted} --config.@${npmScope}:registry=${registry}`
  const yarn = [
    '# .yarnrc.yml',
    'npmScopes:',
    `  ${npmScope}:`,
    `    npmRegistryServer: "${registry}"`,
    `npmPreapprovedPackages: ["@${npmScope}/*"]`,
    ...(publicUrl.startsWith('http:') ? [`unsafeHttpWhitelist: ["${new URL(publicUrl).hostname}"]`] : []),
    '',
    `# yarn add -E ${wanted}`,
  ].join('\n')
  const confidential = app.kind === 'service' || app.kind === 'web'
  const environment = [`${ENVIRONMENT.clientId}=${app.id}`, `${ENVIRONMENT.clientSecret}=${secret ?? ''}`].join('\n')
  // As the registry narrows the package.
  const own = new Set(model.scopes.map(({ name }) => name))
  const scopes = app.scopes.filter((scope) => own.has(scope)).sort()
  const plan = planSdk(model)
  const first = firstProgram(plan, packageName, scopes)
  const program = first.source.trimEnd()
  return {
    install,
    pnpm,
    yarn,
    ...(confidential && { environment }),
    ...(app.kind === 'service'
      ? first.call !== undefined && { program }
      : {
          signIn: signInPrograms({
            app,
            packageName,
            client: clientName(plan),
            call: first.call,
            paged: first.paged,
          }),
        }),
  }
}
