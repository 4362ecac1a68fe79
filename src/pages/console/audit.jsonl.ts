import type { APIRoute } from 'astro'
import { auditDownload } from './_console.ts'

export const GET: APIRoute = (visit) => auditDownload(visit, 'jsonl', 'application/jsonl; charset=utf-8')
