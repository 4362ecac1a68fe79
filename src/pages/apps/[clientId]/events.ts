import type { APIRoute } from 'astro'
import type { CallReport } from '../../../components/apps/last-call.ts'
import { notFound } from '../../_visitor.ts'

/** The app's last call to a sandbox, for its page to ask for. */
export const GET: APIRoute = async ({ locals, params }) => {
  const { person, portal } = locals
  const app = person === undefined ? undefined : await portal.apps.get(params.clientId ?? '', person)
  if (app === undefined) return notFound()
  const report: CallReport = { lastCall: app.lastCall ?? null }
  return Response.json(report, { headers: { 'cache-control': 'no-store' } })
}
