import type { APIRoute } from 'astro'
import { stringify } from 'yaml'
import { openDocument } from './_document.ts'

export const GET: APIRoute = (context) =>
  openDocument(context, 'application/yaml', (document) => stringify(document, { aliasDuplicateObjects: false }))
