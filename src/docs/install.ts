import type { ApiModel } from '../model/api.ts'
import { operationTitle } from './navigation.ts'
import { type SampleContext, samples } from './samples.ts'
import { verdict } from './verdict.ts'

/** How a developer gets the TypeScript SDK, narrowed to what the page is seen as. */
export interface InstallPage {
  /** From the registry; scopes that are chosen by hand have no package there, and come as a tarball. */
  readonly install: string
  /** The tarball, for a browser or curl. */
  readonly tarball: string
  /** A first program: the first operation that can be called and only reads. */
  readonly program?: { readonly title: string; readonly code: string }
}

export function installPage(context: SampleContext): InstallPage {
  const { model, viewer, npmScope, publicUrl } = context
  const packageName = `@${npmScope}/${model.name}`
  const tag = viewer.lens.as === 'app' ? `@app-${viewer.lens.app}` : ''
  const registry = `--@${npmScope}:registry=${publicUrl}/npm/`
  const tarball = `/apis/${encodeURIComponent(model.name)}/sdks/typescript.tgz${tarballQuery(context)}`
  const first = firstOperation(context)
  const program = first && samples(first, context)[0]
  return {
    install:
      viewer.lens.as === 'scopes' ? `npm i '${publicUrl}${tarball}'` : `npm i -E ${packageName}${tag} ${registry}`,
    tarball,
    ...(first && program && { program: { title: operationTitle(first), code: program.code } }),
  }
}

function tarballQuery({ viewer }: SampleContext): string {
  if (viewer.lens.as === 'app') return `?${new URLSearchParams({ client_id: viewer.lens.app })}`
  if (viewer.scopes.length === 0) return ''
  return `?scopes=${viewer.scopes.map((scope) => encodeURIComponent(scope).replaceAll('%3A', ':').replaceAll('%2F', '/')).join('+')}`
}

function firstOperation({ model, viewer }: SampleContext): ApiModel['operations'][number] | undefined {
  const can = model.operations.filter((operation) =>
    ['open', 'unknown'].includes(verdict(operation, viewer, model.schemes).gate),
  )
  // Without a viewer, everything counts as callable.
  const pool = can.length > 0 && viewer.credentials !== undefined ? can : model.operations
  const reads = pool.filter(({ method }) => method === 'GET')
  // One that takes a token shows more than one that anyone may call.
  const withToken = reads.filter(({ requirement }) =>
    requirement.alternatives.some((alternative) => alternative.some(({ token }) => token)),
  )
  return withToken[0] ?? reads[0] ?? pool[0]
}
