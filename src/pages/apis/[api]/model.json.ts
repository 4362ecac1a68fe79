import type { APIRoute } from 'astro'
import { missing } from '../../_problem.ts'
import { answer } from './_document.ts'

/** What the sandbox in the browser needs: the model, and what its world holds at first. Policies name people. */
export const GET: APIRoute = ({ params, locals, request }) => {
  const { catalog } = locals.portal
  const name = params.api ?? ''
  const model = catalog.get(name, locals.person)
  if (model === undefined) return missing()
  // Who may be granted what, and why, names people: it is no reader's business.
  const open = { ...model, policies: [], claims: {} }
  const make = () => JSON.stringify({ model: open, seed: catalog.seed(name, locals.person) })
  return answer(request, model, 'model', 'application/json', make)
}
