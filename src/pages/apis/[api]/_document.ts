import type { APIContext } from 'astro'
import type { ApiModel } from '../../../model/api.ts'
import { audienceKey } from '../../../model/as-seen.ts'
import { missing } from '../../_problem.ts'

type Document = Readonly<Record<string, unknown>>

/** The bundled document as this reader may see it. */
export async function openDocument(
  { params, locals, request }: APIContext,
  type: string,
  write: (document: Document) => string,
) {
  const { catalog } = locals.portal
  const name = params.api ?? ''
  const model = catalog.get(name, locals.person)
  const document = await catalog.document(name, locals.person)
  if (model === undefined || document === undefined) return missing()
  return answer(request, model, type, type, () => write(document))
}

/** With an ETag from what the model was made of, so that an unchanged one isn't even written. */
export function answer(
  request: Request,
  model: ApiModel,
  variant: string,
  type: string,
  write: () => string,
): Response {
  const etag = `"${model.hash.slice(0, 32)}-${variant.replace(/[^a-z]/g, '')}"`
  const shared = audienceKey(model) === '' ? 'public' : 'private'
  const headers = { etag, 'cache-control': `${shared}, no-cache`, 'content-type': `${type}; charset=utf-8` }
  if (request.headers.get('if-none-match')?.includes(etag)) return new Response(null, { status: 304, headers })
  return new Response(write(), { headers })
}
