import type { Decision } from '../access/decide.ts'
import { denyFields, gatedSent, redact, type Withheld } from '../access/redact.ts'
import type { ApiModel, MediaType, Operation, Response } from '../model/api.ts'
import { Answers } from './answers.ts'
import { readRequestBody } from './body.ts'
import type { Answer, Call } from './call.ts'
import type { Caller } from './caller.ts'
import { absent, Collections, type Demand, type Outcome, unfit } from './collections.ts'
import { Completion } from './completion.ts'
import { type DenialOptions, denial } from './denial.ts'
import { essence, isJsonType, negotiate } from './media-type.ts'
import { ParameterReader } from './parameters.ts'
import { type InvalidValue, invalid, problem } from './problem.ts'
import { Resources, type Role, success } from './resources.ts'
import { Sampler } from './sample.ts'
import { type Finding, Seeds } from './seeds.ts'
import { Validator } from './validator.ts'
import { Worlds } from './world.ts'

/** What is worked out once per operation, when it is first called. */
interface Plan {
  readonly parameters: ParameterReader
  readonly role: Role
  readonly parents: ReturnType<Resources['parents']>
}

/** Answers calls that are allowed: validate, respond, validate again, redact. */
export class OperationHandlers {
  readonly #model: ApiModel
  readonly #denial: DenialOptions
  readonly #requests: Validator
  readonly #sampler: Sampler
  readonly #resources: Resources
  readonly #worlds: Worlds
  readonly #collections: Collections
  readonly #answers: Answers
  readonly #plans = new Map<string, Plan>()

  constructor(options: {
    readonly model: ApiModel
    readonly basePath: string
    readonly clock: () => number
    readonly seed: number
    readonly data: Readonly<Record<string, readonly unknown[]>>
    readonly report: (finding: Finding) => void
    readonly denial: DenialOptions
  }) {
    const { model, basePath, clock, seed, data, report } = options
    this.#model = model
    this.#denial = options.denial
    this.#requests = new Validator(model.schemas, 'request')
    const validator = new Validator(model.schemas, 'response')
    const sampler = new Sampler(model.schemas, validator, seed)
    this.#sampler = sampler
    this.#resources = new Resources(model)
    const seeds = new Seeds({ model, resources: this.#resources, validator, sampler, data, report })
    this.#worlds = new Worlds(seeds)
    const completion = new Completion(model.schemas, sampler, validator)
    this.#collections = new Collections({ model, basePath, worlds: this.#worlds, completion, validator, clock })
    this.#answers = new Answers(model, validator, sampler, report)
  }

  reset(): void {
    this.#worlds.reset()
  }

  async answer(
    operation: Operation,
    call: Call,
    path: Readonly<Record<string, string>>,
    caller: Caller,
    scopes: ReadonlySet<string>,
    facts: { decision?: Pick<Decision, 'allow' | 'why'> },
  ): Promise<Answer> {
    const plan = this.#plan(operation)
    const deny = (withheld: readonly Withheld[]): Answer => {
      const decision = denyFields(withheld)
      facts.decision = decision
      return denial(operation, caller, decision, this.#denial, withheld)
    }

    const { query, errors } = plan.parameters.read(call, path)
    const read = await readRequestBody(operation.body, call, this.#model.schemas)
    if ('refused' in read) return read.refused
    const { body } = read
    if (body !== undefined) {
      const sent = body.transparent
        ? gatedSent(body.value, body.media.schema, this.#model.schemas, scopes)
        : // What can't be looked into may hold any of them.
          operation.fields.request.flatMap(({ name, scopes: needed }) => {
            const missing = needed.filter((scope) => !scopes.has(scope))
            return missing.length === 0 ? [] : [{ path: `/${name}`, scopes: missing }]
          })
      if (sent.length > 0) return deny(sent)
    }
    if (errors.length > 0) return refusedParameters(operation, errors)
    if (body?.transparent && body.media.schema !== undefined) {
      const mismatches = this.#requests.check(body.value, body.media.schema)
      const status = operation.responses.some((response) => response.status === '422') ? 422 : 400
      const found = mismatches.map(({ pointer, detail }): InvalidValue => ({ in: 'body', pointer, detail }))
      if (found.length > 0) return invalid(status, 'The body does not fit its description.', found)
    }

    const ifMatch = call.header('if-match')
    const demand: Demand = {
      operation,
      path,
      query,
      owner: caller.clientId ?? 'anonymous',
      scopes,
      ...(body?.transparent ? { body: body.value } : {}),
      ...(ifMatch === undefined ? {} : { ifMatch }),
    }
    for (const { resource, parameter } of plan.parents)
      if (!this.#collections.exists(resource, parameter, demand)) return absent(path[parameter] ?? '')

    // Before anything changes: who can't read the answer should not have caused it.
    const expected = success(operation, preferredStatus(plan.role))
    const media = expected === undefined ? undefined : negotiate(expected.content, call.header('accept'))
    if (expected !== undefined && expected.content.length > 0 && media === undefined) {
      const offered = expected.content.map(({ type }) => type).join(', ')
      return problem(406, `The operation answers with ${offered}.`)
    }
    const outcome: Outcome =
      plan.role.does === 'other' || (media !== undefined && !isJsonType(concrete(media)))
        ? { status: expected?.status ?? '204' }
        : this.#collections.perform(plan.role, demand)
    if ('final' in outcome) return outcome.final
    if ('withheld' in outcome) return deny(outcome.withheld)
    return this.#respond(operation, outcome, expected, media, scopes, deny)
  }

  #respond(
    operation: Operation,
    outcome: Extract<Outcome, { status: string }>,
    expected: Response | undefined,
    media: MediaType | undefined,
    scopes: ReadonlySet<string>,
    deny: (withheld: readonly Withheld[]) => Answer,
  ): Answer {
    const status = statusOf(expected?.status ?? outcome.status)
    const headers = { ...this.#requiredHeaders(expected), ...outcome.headers }
    if (media === undefined || status === 204 || status === 205) return { status, headers }
    const type = concrete(media)
    if (!isJsonType(type)) {
      const body = this.#answers.other(media, operation, scopes)
      if (body === undefined) return deny([{ path: '', scopes: hidden(operation, scopes) }])
      return { status, headers: { ...headers, 'content-type': type }, body }
    }
    const value = outcome.body ?? this.#answers.json(media, operation)
    if (value === undefined) return unfit([NOTHING])
    const schema = media.schema ?? true
    const { body, denied, withheld } = redact(value, schema, this.#model.schemas, scopes)
    if (denied) return deny(withheld)
    return { status, headers: { ...headers, 'content-type': type }, body: JSON.stringify(body) }
  }

  #plan(operation: Operation): Plan {
    const known = this.#plans.get(operation.id)
    if (known !== undefined) return known
    const plan: Plan = {
      parameters: new ParameterReader(operation.parameters, this.#model.schemas, this.#requests),
      role: this.#resources.role(operation),
      parents: this.#resources.parents(operation),
    }
    this.#plans.set(operation.id, plan)
    return plan
  }

  #requiredHeaders(response: Response | undefined): Record<string, string> {
    const required = (response?.headers ?? []).filter(({ required, name }) => required && TOKEN.test(name))
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

function preferredStatus({ does }: Role): string | undefined {
  if (does === 'create') return '201'
  if (does === 'remove') return '204'
  return does === 'other' ? undefined : '200'
}

/** `2XX` and `default` stand for the usual one. */
function statusOf(status: string): number {
  return /^2\d\d$/.test(status) ? Number(status) : 200
}

/** The type to answer with, where the document gives a range; never one that would break out of the header. */
function concrete({ type, schema }: MediaType): string {
  if (essence(type) === '*/*') return schema === undefined ? 'application/octet-stream' : 'application/json'
  if (essence(type) === 'image/*') return 'image/png'
  return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(\s*;\s*[\w-]+="?[\w.-]+"?)*$/.test(type) ? type : 'application/octet-stream'
}

function hidden(operation: Operation, scopes: ReadonlySet<string>): string[] {
  const needed = operation.fields.response.flatMap((field) => field.scopes)
  return [...new Set(needed)].filter((scope) => !scopes.has(scope))
}

/** 428 where that is what the document says of a missing precondition (RFC 6585 section 3). */
function refusedParameters(operation: Operation, errors: readonly InvalidValue[]): Answer {
  const missing = errors.every(({ pointer, detail }) => /^\/if-match$/i.test(pointer) && detail === 'is required')
  if (missing && operation.responses.some(({ status }) => status === '428'))
    return problem(428, 'Send If-Match with the ETag of the state that you mean to change.', { errors })
  return invalid(400, 'The parameters do not fit their description.', errors)
}
