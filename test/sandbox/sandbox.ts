import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import type { TraceRow } from '../../src/access/trace.ts'
import type { ApiModel } from '../../src/model/api.ts'
import { buildModel } from '../../src/model/build.ts'
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/engine.ts'
import { compile } from '../../src/server/compile.ts'
import { readFolder } from '../../src/spec/folder.ts'
import { INJECTED, requestOf, type Sent } from './request.ts'

export { BASE, NOW, ORIGIN, requestOf, type Sent } from './request.ts'

export function modelOf(document: object): ApiModel {
  const whole = { openapi: '3.1.0', info: { title: 'API', version: '1.0.0' }, ...document }
  return buildModel({ name: 'api', document: whole, sourceVersion: '3.1.0', hash: 'test', access: {} })
}

/** A sandbox that takes any token that the verifier of these tests takes. */
export function sandboxOf(model: ApiModel, options: Partial<SandboxOptions> = {}): Sandbox {
  return createSandbox({ model, ...INJECTED, ...options })
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
