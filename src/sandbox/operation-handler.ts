import { denyFields, gatedSent, type Withheld } from '../access/redact.ts'
import type { ApiModel, MediaType, Operation, Response } from '../model/api.ts'
import { isJson } from '../model/media-type.ts'
import { Answers } from './answers.ts'
import { type ReadBody, readRequestBody } from './body.ts'
import type { Answer, Call } from './call.ts'
import type { Facts } from './call-log.ts'
import type { Caller } from './caller.ts'
import { absent, Collections, type Demand, fill, type Outcome } from './collections.ts'
import { Completion } from './completion.ts'
import { type DenialOptions, denial } from './denial.ts'
import { fingerprint, idempotencyKey } from './idempotency.ts'
import { negotiate } from './media-type.ts'
import { ParameterReader } from './parameters.ts'
import type { Preferences } from './preferences.ts'
import { type InvalidValue, invalid, problem } from './problem.ts'
import { Resources, type Role, success } from './resources.ts'
import { concrete, notAcceptable, type Reply, Responder, statusOf } from './responder.ts'
import { Sampler } from './sample.ts'
import { type Finding, Seeds } from './seeds.ts'
import { Validator } from './validator.ts'
import { type StoredFile, Worlds } from './world.ts'

/** A call that is allowed. */
export interface Allowed {
  readonly operation: Operation
  readonly call: Call
  /** Path parameters, decoded. */
  readonly path: Readonly<Record<string, string>>
  readonly caller: Caller
  readonly scopes: ReadonlySet<string>
  /** Whose world it is about. */
  readonly session: string
  readonly preferences: Preferences
  /** Gets what is found out. */
  readonly facts: Facts
}

/** What is worked out once per operation, when it is first called. */
interface Plan {
  readonly parameters: ParameterReader
  readonly role: Role
  readonly parents: ReturnType<Resources['parents']>
  readonly expected: Response | undefined
  /** By `Accept`; callers say the same again and again. */
  readonly negotiated: Map<string, MediaType | undefined>
}

/** Answers calls that are allowed: validate, respond, validate again, redact. */
export class OperationHandlers {
  readonly #model: ApiModel
  readonly #denial: DenialOptions
  readonly #requests: Validator
  readonly #resources: Resources
  readonly #worlds: Worlds
  readonly #collections: Collections
  readonly #responder: Responder
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
    this.#resources = new Resources(model)
    const seeds = new Seeds({ model, resources: this.#resources, validator, sampler, data, report })
    this.#worlds = new Worlds(seeds, clock)
    const completion = new Completion(model.schemas, sampler, validator)
    this.#collections = new Collections({ model, basePath, worlds: this.#worlds, completion, validator, clock })
    this.#responder = new Responder(model, new Answers(model, validator, sampler, report), sampler)
  }

  /** @param session of all of them, unless given */
  reset(session?: string): void {
    this.#worlds.reset(session)
  }

  async answer(allowed: Allowed): Promise<Answer> {
    const { operation, call, path, caller, scopes, session, preferences, facts } = allowed
    const plan = this.#plan(operation)
    const deny: Reply['deny'] = (sent) => {
      const decision = denyFields(sent)
      facts.decision = decision
      return denial({ operation, caller, decision, sent, address: call.address?.() }, this.#denial)
    }
    const refuse = (errors: readonly InvalidValue[], answer: Answer): Answer => {
      facts.errors = errors
      return answer
    }

    const { query, errors } = plan.parameters.read(call, path)
    const read = await readRequestBody(operation.body, call, this.#model.schemas)
    if ('refused' in read) return refuse(read.errors, read.refused)
    const { body } = read
    if (body !== undefined) {
      const sent = this.#gatedIn(body, operation, scopes)
      if (sent.length > 0) return deny(sent)
    }
    if (errors.length > 0) return refuse(errors, refusedParameters(operation, errors))
    if (body?.transparent && body.media.schema !== undefined) {
      const mismatches = this.#requests.check(body.value, body.media.schema)
      const status = operation.responses.some((response) => response.status === '422') ? 422 : 400
      const found = mismatches.map(({ pointer, detail }): InvalidValue => ({ in: 'body', pointer, detail }))
      if (found.length > 0) return refuse(found, invalid(status, 'The body does not fit its description.', found))
    }
    if (preferences.drop || preferences.code || preferences.example !== undefined || preferences.dynamic) {
      const salt = `${session} ${call.path}?${call.query}`
      return this.#responder.preferred({ operation, scopes, deny }, preferences, call.header('accept'), salt)
    }
    const key = idempotencyKey(call)
    if (key === undefined) return this.#perform(allowed, plan, query, body, deny)
    const print = await fingerprint(call, scopes, body?.value)
    const known = this.#worlds.read(session).remembered(key)
    if (known !== undefined && known.fingerprint !== print)
      return problem(422, 'Idempotency-Key: another request was sent with this key.')
    if (known !== undefined) return known.answer
    const answer = await this.#perform(allowed, plan, query, body, deny)
    if (answer.status < 400) this.#worlds.write(session, (world) => world.remember(key, { fingerprint: print, answer }))
    return answer
  }

  #perform(
    { operation, call, path, scopes, session }: Allowed,
    plan: Plan,
    query: ReadonlyMap<string, unknown>,
    body: ReadBody | undefined,
    deny: Reply['deny'],
  ): Answer | Promise<Answer> {
    const ifMatch = call.header('if-match')
    const demand: Demand = {
      operation,
      path,
      query,
      owner: session,
      scopes,
      ...(body?.transparent ? { body: body.value } : {}),
      ...(ifMatch === undefined ? {} : { ifMatch }),
    }
    for (const { resource, parameter } of plan.parents)
      if (!this.#collections.exists(resource, parameter, demand)) return absent(path[parameter] ?? '')

    // Before anything changes: who can't read the answer should not have caused it.
    const { role, expected } = plan
    const media = expected === undefined ? undefined : negotiated(plan, expected, call.header('accept'))
    if (expected !== undefined && expected.content.length > 0 && media === undefined)
      return notAcceptable(expected.content)
    const reply = { operation, response: expected, media, scopes, deny }
    if (role.does === 'other') {
      const file = this.#file(operation, fill(operation.path, path), session, body)
      if (file === 'none') return absent(call.path)
      return this.#responder.respond({ ...reply, status: statusOf(expected?.status ?? '204'), ...file })
    }
    const readable = media === undefined || isJson(concrete(media)) || role.does === 'list'
    const outcome: Outcome = readable ? this.#collections.perform(role, demand) : { status: expected?.status ?? '204' }
    if ('final' in outcome) return outcome.final
    if ('withheld' in outcome) return deny(outcome.withheld)
    const { status, headers = {}, body: made } = outcome
    return this.#responder.respond({ ...reply, status: statusOf(expected?.status ?? status), headers, body: made })
  }

  /** A file that is sent to a path is what that path answers with from then on, until it is deleted. */
  #file(
    { method }: Operation,
    path: string,
    session: string,
    body: ReadBody | undefined,
  ): { readonly file?: StoredFile } | 'none' {
    if (method === 'GET') {
      const file = this.#worlds.read(session).file(path)
      return file === null ? 'none' : file === undefined ? {} : { file }
    }
    const file = body?.file
    if (method === 'DELETE' && this.#worlds.read(session).file(path) !== undefined)
      this.#worlds.write(session, (world) => world.putFile(path, null))
    else if (file !== undefined) this.#worlds.write(session, (world) => world.hasRoom() && world.putFile(path, file))
    return {}
  }

  /** Gated values in a body; of one that can't be looked into, any that it may hold. */
  #gatedIn(body: ReadBody, operation: Operation, scopes: ReadonlySet<string>): readonly Withheld[] {
    if (body.transparent) return gatedSent(body.value, body.media.schema, this.#model.schemas, scopes)
    return operation.fields.request.flatMap(({ name, scopes: needed }) => {
      const missing = needed.filter((scope) => !scopes.has(scope))
      return missing.length === 0 ? [] : [{ path: `/${name}`, scopes: missing }]
    })
  }

  #plan(operation: Operation): Plan {
    const known = this.#plans.get(operation.id)
    if (known !== undefined) return known
    const role = this.#resources.role(operation)
    const plan: Plan = {
      parameters: new ParameterReader(operation.parameters, this.#model.schemas, this.#requests),
      role,
      parents: this.#resources.parents(operation),
      expected: success(operation, preferredStatus(role)),
      negotiated: new Map(),
    }
    this.#plans.set(operation.id, plan)
    return plan
  }
}

function negotiated({ negotiated }: Plan, { content }: Response, accept = ''): MediaType | undefined {
  const known = negotiated.get(accept)
  if (known !== undefined) return known
  const media = negotiate(content, accept)
  if (negotiated.size < 100) negotiated.set(accept, media)
  return media
}

function preferredStatus({ does }: Role): string | undefined {
  if (does === 'create') return '201'
  if (does === 'remove') return '204'
  return does === 'other' ? undefined : '200'
}

/** 428 where that is what the document says of a missing precondition (RFC 6585 section 3). */
function refusedParameters(operation: Operation, errors: readonly InvalidValue[]): Answer {
  const missing = errors.every(({ pointer, detail }) => /^\/if-match$/i.test(pointer) && detail === 'is required')
  if (missing && operation.responses.some(({ status }) => status === '428'))
    return problem(428, 'Send If-Match with the ETag of the state that you mean to change.', { errors })
  return invalid(400, 'The parameters do not fit their description.', errors)
}
