import type { APIRoute } from 'astro'
import { matrixCsv, matrixView, scopeMatrix } from '../../../docs/scope-matrix.ts'
import { openApi } from './_view.ts'

export const GET: APIRoute = async (context) => {
  const view = await openApi(context)
  if (view instanceof Response) return view
  const { model, viewer, links } = view
  const csv = matrixCsv(scopeMatrix(model, viewer, links, matrixView(context.url.searchParams)))
  return new Response(csv, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${model.name}-scopes.csv"`,
      'cache-control': `${context.locals.person === undefined ? 'public' : 'private'}, no-cache`,
      vary: 'Cookie',
    },
  })
}
