import { requestOf, type Sent } from './request.ts'

type Step = readonly [expected: number, path: string, sent?: Sent]

/** `{id}` is what was created last. 0: the connection breaks. */
export type Session = readonly Step[]

const reader = { token: 'app~employees:read' }
const payroll = { token: 'app~employees:read+compensation:read' }
const writer = { token: 'app~employees:write' }
const prefer = (preference: string) => ({ ...reader, headers: { prefer: preference } })
const json = { 'content-type': 'application/json' }

const employee = {
  name: 'Noor Vermeulen',
  email: 'noor@northwind.example',
  title: 'Audience Editor',
  department: 'dep_7h2k9q4m1x8c',
  startDate: '2027-01-11',
  location: 'Amsterdam',
}
const created = { ...writer, method: 'POST', body: employee, headers: { 'idempotency-key': 'the-first-try' } }

function picture(field: string, alt?: string): FormData {
  const form = new FormData()
  if (alt !== undefined) form.append('alt', alt)
  form.append(field, new File([new Uint8Array(64)], 'noor.png', { type: 'image/png' }))
  return form
}

/** Of the People API: reads and writes, refusals of every kind, JSON, forms, pictures, faults. */
const people: Session = [
  [200, '/health'],
  [401, '/employees'],
  [401, '/employees', { token: 'expired' }],
  [401, '/employees', { token: 'foreign' }],
  [403, '/employees', { token: 'app~departments:read' }],
  [200, '/employees?limit=3', reader],
  [200, '/employees?limit=3', payroll],
  [200, '/employees?limit=2&sort=-startDate', reader],
  [400, '/employees?limit=0', reader],
  [400, '/employees?limit=x&nonsense=1', reader],
  [201, '/employees', created],
  [201, '/employees', created],
  [422, '/employees', { ...created, body: { ...employee, name: 'Someone else' } }],
  [200, '/employees/{id}', reader],
  [404, '/employees/{id}', { token: 'other~employees:read' }],
  [404, '/employees/{id}', { ...reader, headers: { 'sallyport-session': 'elsewhere' } }],
  [400, '/employees/{id}', { ...reader, headers: { 'sallyport-session': 'no name' } }],
  [200, '/employees/{id}', { method: 'PATCH', ...writer, body: { title: 'Editor', manager: null } }],
  [403, '/employees/{id}', { method: 'PATCH', ...writer, body: { salary: null } }],
  [422, '/employees/{id}', { method: 'PATCH', ...writer, body: { title: '' } }],
  [204, '/employees/{id}/photo', { method: 'PUT', ...writer, body: picture('photo') }],
  [200, '/employees/{id}/photo', reader],
  [201, '/employees/{id}/notes', { method: 'POST', ...writer, body: { text: 'Grüße 👋' } }],
  [200, '/employees/{id}/notes', reader],
  [400, '/employees', { method: 'POST', ...writer, body: '{', headers: json }],
  [413, '/employees', { method: 'POST', ...writer, body: 'x'.repeat(2_000_000), headers: json }],
  [415, '/employees', { method: 'POST', ...writer, body: 'x', headers: { 'content-type': 'text/plain' } }],
  [406, '/employees', { ...reader, headers: { accept: 'image/png' } }],
  [400, '/employees/..%2Fhealth', reader],
  [200, '/employees/../health'],
  [200, '/employees/%2e%2e/health'],
  [404, '/%E0%A4%A'],
  [404, '/nowhere'],
  [405, '/employees', { method: 'PUT' }],
  [204, '/employees', { method: 'OPTIONS' }],
  [200, '/employees/{id}', { method: 'HEAD', ...reader }],
  [429, '/employees', prefer('code=429')],
  [503, '/employees', prefer('code=503')],
  [403, '/employees', prefer('code=403')],
  [200, '/employees?limit=2', prefer('dynamic=true')],
  [200, '/employees?limit=2', prefer('latency=1')],
  [400, '/employees', prefer('example=none')],
  [400, '/employees', prefer('code=abc')],
  [0, '/employees', prefer('fault=drop')],
  [204, '/employees/{id}', { method: 'DELETE', token: 'app~employees:write+directory:admin' }],
  [404, '/employees/{id}', reader],
  [200, '/-/calls', reader],
  [401, '/-/calls'],
  [204, '/-/expire', { method: 'POST', token: 'gone~employees:read' }],
  [401, '/employees', { token: 'gone~employees:read' }],
  [204, '/-/reset', { method: 'POST', ...reader }],
]

const author = { token: 'app~api:read+api:write+media:write' }

/** Of the Publishing API: pages that link to the next, preconditions, a stream of events, uploads. */
const publishing: Session = [
  [200, '/articles?perPage=2', author],
  [200, '/articles?perPage=2&page=2', author],
  [200, '/articles/art_5y1t3f0r1w4s', author],
  [428, '/articles/art_5y1t3f0r1w4s', { ...author, method: 'PATCH', body: { title: 'Fog' } }],
  [
    412,
    '/articles/art_5y1t3f0r1w4s',
    { ...author, method: 'PATCH', body: { title: 'Fog' }, headers: { ...json, 'if-match': '"999"' } },
  ],
  [200, '/articles/art_5y1t3f0r1w4s/events', author],
  [201, '/media', { ...author, method: 'POST', body: picture('file', 'A harbour.') }],
  [200, '/posts', author],
]

/** Of an API whose ids callers choose: {@link SHELVES}. */
const shelves: Session = [
  [201, '/shelves', { ...author, method: 'POST', body: { slug: 'y/z' } }],
  [409, '/shelves', { ...author, method: 'POST', body: { slug: 'y/z' } }],
  [200, '/shelves/y%2Fz', author],
  [200, '/shelves', author],
]

export const SESSIONS = { people, publishing, shelves }

const shelf = { type: 'object', required: ['slug'], properties: { slug: { type: 'string' } } }
const content = { 'application/json': { schema: shelf } }
const slug = { in: 'path', name: 'slug', required: true, schema: { type: 'string' } }

export const SHELVES = {
  paths: {
    '/shelves': {
      get: {
        responses: {
          200: { description: '', content: { 'application/json': { schema: { type: 'array', items: shelf } } } },
        },
      },
      post: { requestBody: { content }, responses: { 201: { description: '', content } } },
    },
    '/shelves/{slug}': { parameters: [slug], get: { responses: { 200: { description: '', content } } } },
  },
}

/** An answer, but for what the transport adds. */
export interface Replayed {
  readonly call: string
  readonly expected: number
  /** 0: the connection broke. */
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  /** Its bytes, in base 64. */
  readonly body: string
}

/** Makes the calls of a session, one after the other. */
export async function replay(
  session: Session,
  origin: string,
  fetch: (request: Request) => Promise<Response>,
): Promise<Replayed[]> {
  const answers: Replayed[] = []
  let id = ''
  for (const [expected, path, sent] of session) {
    // Answered by an error, or by none, as the place has it.
    const response = await fetch(requestOf(path.replace('{id}', id), sent, origin)).catch((error: unknown) => {
      if (error instanceof TypeError) return Response.error()
      throw error
    })
    const bytes = new Uint8Array(await response.arrayBuffer())
    const { status } = response
    if (status === 201 && path === '/employees') id = JSON.parse(new TextDecoder().decode(bytes)).id
    answers.push({
      call: `${sent?.method ?? 'GET'} ${path}`,
      expected,
      status,
      headers: [...response.headers].filter(([name]) => !TRANSPORT.has(name)).sort(),
      body: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')),
    })
  }
  return answers
}

const TRANSPORT = new Set([
  ...['connection', 'content-encoding', 'content-length', 'date', 'keep-alive', 'transfer-encoding', 'vary'],
])
