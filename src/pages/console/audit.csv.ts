import type { APIRoute } from 'astro'
import { auditDownload } from './_console.ts'

export const GET: APIRoute = (visit) => auditDownload(visit, 'csv', 'text/csv; charset=utf-8')
