import type { APIRoute } from 'astro'
import { plainWebhook } from '../../../../docs/plain-page.ts'
import { plain } from '../../../_plain.ts'
import { notFound } from '../../../_visitor.ts'
import { openApi } from '../_view.ts'

export const GET: APIRoute = async (context) => {
  const view = await openApi(context)
  if (view instanceof Response) return view
  const { model, viewer, links } = view
  const webhook = model.webhooks.find(({ id }) => id === context.params.webhook)
  if (webhook === undefined) return notFound()
  return plain(plainWebhook(webhook, model, viewer, links), context.locals.person !== undefined, view)
}
