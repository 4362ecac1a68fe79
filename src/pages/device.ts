import type { APIRoute } from 'astro'
import { seeOther } from './_visitor.ts'

/** What a device tells its person to open: short enough to type. */
export const GET: APIRoute = () => seeOther('/oauth/device')
