import type { APIRoute } from 'astro'
import { llmsIndex } from '../docs/machines.ts'
import { plain } from './_plain.ts'

export const GET: APIRoute = ({ locals: { portal, person } }) => {
  const { name, publicUrl } = portal.settings
  return plain(llmsIndex(portal.catalog.list(person), { name, publicUrl }), person !== undefined)
}
