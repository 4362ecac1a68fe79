import type { APIRoute } from 'astro'
import { plainHome } from '../docs/plain-page.ts'
import { home as say } from '../wording/wording.ts'
import { plain } from './_plain.ts'

export const GET: APIRoute = ({ locals: { portal, person } }) => {
  const { name, home } = portal.settings
  return plain(plainHome(name, home ?? say.lead, portal.catalog.list(person)), person !== undefined)
}
