/** An answer to a program that something is wrong (RFC 9457). */
function problem(status: number, title: string, detail?: string): Response {
  const body = { type: 'about:blank', title, status, detail }
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json' } })
}

/** As `notFound()`, for programs. */
export function missing(): Response {
  return problem(404, 'Not Found')
}

export function unfit(detail: string): Response {
  return problem(400, 'Bad Request', detail)
}
