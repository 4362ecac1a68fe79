import { redact, type Withheld } from '../access/redact.ts'
import type { ApiModel, MediaType, Operation, Response } from '../model/api.ts'
import { isJson } from '../model/media-type.ts'
import type { Answers } from './answers.ts'
import type { Answer } from './call.ts'
import { unfit } from './collections.ts'
import { essence, negotiate } from './media-type.ts'
import type { Preferences } from './preferences.ts'
import { problem } from './problem.ts'
import { success } from './resources.ts'
import type { Sampler } from './sample.ts'
import type { StoredFile } from './world.ts'

/** What is answered with, once it is settled which of the operation's responses it is. */
export interface Reply {
  readonly operation: Operation
  readonly response: Response | undefined
  readonly media: MediaType | undefined
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** A value that fits the response; undefined: examples, else samples. */
  readonly body?: unknown
  /** What was sent here before. */
  readonly file?: StoredFile
  readonly scopes: ReadonlySet<string>
  readonly deny: (withheld: readonly Withheld[]) => Promise<Answer>
}

/** Writes responses: whole as the document describes them, then without what the caller may not see. */
export class Responder {
  readonly #model: ApiModel
  readonly #answers: Answers
  readonly #sampler: Sampler

  constructor(model: ApiModel, answers: Answers, sampler: Sampler) {
    this.#model = model
    this.#answers = answers
    this.#sampler = sampler
  }

  respond({
    operation,
    response,
    media,
    status,
    headers: own,
    body,
    file,
    scopes,
    deny,
  }: Reply): Answer | Promise<Answer> {
    const headers = { ...this.#requiredHeaders(response), ...own }
    if (media === undefined || status === 204 || status === 205 || status === 304) return { status, headers }
    const type = concrete(media)
    if (!isJson(type)) {
      const content = this.#answers.other(media, operation, scopes, body)
      if (content === undefined) return deny([{ path: '', scopes: hidden(operation, scopes) }])
      return { status, headers: { ...headers, 'content-type': file?.type ?? type }, body: file?.bytes ?? content }
    }
    const value = body ?? this.#answers.json(media, operation)
    if (value === undefined) return unfit([NOTHING])
    const shown = redact(value, media.schema ?? true, this.#model.schemas, scopes)
    if (shown.denied) return deny(shown.withheld)
    return { status, headers: { ...headers, 'content-type': type }, body: JSON.stringify(shown.body) }
  }

  /** What the caller asks to be answered with, in the place of what would be. Changes nothing. */
  preferred(
    reply: Pick<Reply, 'operation' | 'scopes' | 'deny'>,
    { code, example, dynamic, drop }: Preferences,
    accept: string | undefined,
    salt: string,
  ): Answer | Promise<Answer> {
    const { operation } = reply
    if (drop) return { status: 500, headers: {}, drop }
    const response = code === undefined ? success(operation) : described(operation, code)
    const status = code ?? statusOf(response?.status ?? '204')
    const applied = [code && `code=${code}`, example && 'example', dynamic && 'dynamic=true'].filter(Boolean).join(', ')
    const headers = {
      'preference-applied': applied,
      ...(status === 429 || status === 503 ? { 'retry-after': '1' } : {}),
    }
    if (response === undefined) {
      if (status !== 429 && status < 500) {
        const known = operation.responses.map((one) => one.status).join(', ')
        return problem(400, `Prefer: code=${code} is not described for this operation, which has ${known}.`)
      }
      return problem(status, 'As the call preferred it.', {}, headers)
    }
    const media = negotiate(response.content, accept) ?? (status < 400 ? undefined : response.content[0])
    if (media === undefined && response.content.length > 0) return notAcceptable(response.content)
    const whole = { ...reply, response, media, status, headers }
    if (example !== undefined && media !== undefined) {
      const named = media.examples.find(({ name, value }) => name === example && value !== undefined)
      if (named === undefined) {
        const names = media.examples.map(({ name }) => name).join(', ')
        return problem(
          400,
          `Prefer: there is no such example; ${names === '' ? 'there is none' : `there is ${names}`}.`,
        )
      }
      const mismatches = this.#answers.judge(named, media, operation)
      if (mismatches.length > 0) return unfit(mismatches)
      return this.respond({ ...whole, body: named.value })
    }
    if (dynamic && media !== undefined && isJson(concrete(media))) {
      const body = this.#sampler.dynamic(media.schema ?? true, salt)
      return body === undefined ? unfit([NOTHING]) : this.respond({ ...whole, body })
    }
    return this.respond(whole)
  }

  #requiredHeaders(response: Response | undefined): Record<string, string> {
    if (response === undefined || !response.headers.some(({ required }) => required)) return {}
    const required = response.headers.filter(({ required, name }) => required && TOKEN.test(name))
    return Object.fromEntries(
      required.flatMap(({ name, schema }) => {
        const value = this.#sampler.sample(schema)
        const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        return plain ? [[name.toLowerCase(), String(value).replace(/[^\x20-\x7e]/g, ' ')]] : []
      }),
    )
  }
}

const TOKEN = /^[!#$%&'*+\-.^`|~\w]+$/
const NOTHING = { pointer: '', detail: 'no value was found that the schema allows' }

/** `2XX` and `default` stand for the usual one. */
export function statusOf(status: string): number {
  return /^2\d\d$/.test(status) ? Number(status) : 200
}

export function notAcceptable(content: readonly MediaType[]): Answer {
  return problem(406, `The operation answers with ${content.map(({ type }) => type).join(', ')}.`)
}

function described({ responses }: Operation, code: number): Response | undefined {
  const named = (status: string): Response | undefined => responses.find((response) => response.status === status)
  return named(String(code)) ?? named(`${String(code)[0]}XX`) ?? named('default')
}

/** The type to answer with, where the document gives a range; never one that would break out of the header. */
export function concrete({ type, schema }: MediaType): string {
  if (essence(type) === '*/*') return schema === undefined ? 'application/octet-stream' : 'application/json'
  if (essence(type) === 'image/*') return 'image/png'
  return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(\s*;\s*[\w-]+="?[\w.-]+"?)*$/.test(type) ? type : 'application/octet-stream'
}

function hidden(operation: Operation, scopes: ReadonlySet<string>): string[] {
  const needed = operation.fields.response.flatMap((field) => field.scopes)
  return [...new Set(needed)].filter((scope) => !scopes.has(scope))
}
