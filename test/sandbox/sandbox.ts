import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import type { TraceRow } from '../../src/access/trace.ts'
import type { ApiModel } from '../../src/model/api.ts'
import { buildModel } from '../../src/model/build.ts'
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/engine.ts'
import { compile } from '../../src/server/compile.ts'
import { readFolder } from '../../src/spec/folder.ts'

export const BASE = '/sandbox/api'
export const ORIGIN = 'http://localhost'
export const NOW = Date.UTC(2026, 10, 24, 12)

export function modelOf(document: object): ApiModel {
  const whole = { openapi: '3.1.0', info: { title: 'API', version: '1.0.0' }, ...document }
  return buildModel({ name: 'api', document: whole, sourceVersion: '3.1.0', hash: 'test', access: {} })
}

/** A sandbox that takes any token `<client>~<scopes>`, such as `app~read+write`; `expired` and `foreign` it refuses. */
export function sandboxOf(model: ApiModel, options: Partial<SandboxOptions> = {}): Sandbox {
  return createSandbox({
    model,
    basePath: BASE,
    clock: () => NOW,
    resourceMetadata: 'https://portal.example/.well-known/oauth-protected-resource/sandbox/api',
    verify: async (token) => {
      if (token === 'expired') return { ok: false, reason: 'it has expired' }
      if (token === 'foreign') return { ok: false, reason: 'it is for another API', check: 'audience' }
      const [clientId = '', scopes = ''] = token.split('~')
      return {
        ok: true,
        token: {
          clientId,
          scopes: scopes === '' ? [] : scopes.replaceAll('.', ':').split('+'),
          expiresAt: 9_999_999_999,
        },
      }
    },
    ...options,
  })
}

export interface Sent {
  readonly method?: string
  /** Sent with `.` for `:`, which tokens don't have (RFC 6750 section 2.1). */
  readonly token?: string
  /** Sent as JSON, unless it is a form or text. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export function requestOf(path: string, { method = 'GET', token, body, headers }: Sent = {}): Request {
  const plain = body === undefined || typeof body === 'string' || body instanceof FormData
  return new Request(`${ORIGIN}${BASE}${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token.replaceAll(':', '.')}` }),
      ...(plain ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: plain ? (body ?? null) : JSON.stringify(body),
  })
}

export interface Got {
  readonly status: number
  readonly headers: Headers
  readonly body: Answered
}

/** JSON read; text as it is. */
export interface Answered {
  readonly id: string
  readonly trace: readonly TraceRow[]
  readonly errors: readonly { readonly in: string; readonly pointer: string; readonly detail: string }[]
  readonly [member: string]: unknown
}

export async function send(sandbox: Sandbox, path: string, sent?: Sent): Promise<Got> {
  const response = await sandbox.fetch(requestOf(path, sent))
  const text = await response.text()
  const json = /[/+]json(;|$)/.test(response.headers.get('content-type') ?? '') && text !== ''
  return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as Answered }
}

/** A demo document with its seed. */
export async function demo(name: string): Promise<{ model: ApiModel; data: Record<string, unknown[]> }> {
  const folder = new URL(`../../specs/${name}/`, import.meta.url)
  const compilation = await compile(await readFolder(folder.pathname), 'test')
  if (!compilation.ok) throw new Error(compilation.problems.map(({ message }) => message).join('\n'))
  const data = parse(await readFile(new URL('seed.yaml', folder), 'utf8')) as Record<string, unknown[]>
  return { model: compilation.compiled.model, data }
}
