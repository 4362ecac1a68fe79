import type { APIRoute } from 'astro'
import { posted } from '../../../../../components/form/posted.ts'
import { type OwnValues, valueFields, withValues } from '../../../../../docs/own-values.ts'
import { notFound, seeOther } from '../../../../_visitor.ts'
import { ownValues, rememberValues } from '../../_values.ts'
import { openApi } from '../../_view.ts'

/** What the reader fills in beside an operation, for the samples of all of them. */
export const POST: APIRoute = async (context) => {
  const view = await openApi(context)
  if (view instanceof Response) return view
  const { model, links } = view
  const operation = model.operations.find(({ id }) => id === context.params.operation)
  if (operation === undefined) return notFound()
  const fields = await posted(context.request)
  const before = ownValues(context)
  const given = Object.fromEntries(valueFields(operation, model, before).map(({ key }) => [key, fields.one(key)]))
  const values: OwnValues = fields.one('forget') === '' ? withValues(before, operation, model, given) : new Map()
  rememberValues(context, model, values)
  return seeOther(`${links.operation(operation.id)}#samples`)
}
