import type { APIRoute } from 'astro'
import { openDocument } from './_document.ts'

export const GET: APIRoute = (context) =>
  openDocument(context, 'application/json', (document) => JSON.stringify(document))
