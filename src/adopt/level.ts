import type { Operation } from '../model/api.ts'
import { placeOf } from './resource.ts'
import { wordsOf } from './words.ts'

/** What an operation asks of the resource, and how one can tell. */
export interface Level {
  readonly level: 'read' | 'write' | 'admin'
  readonly reason: string
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'QUERY', 'TRACE'])
/** What a method call or an operation is called that is a POST and changes nothing. */
const READING = new Set('search query find list lookup count filter'.split(' '))
/** As a verb in the path's end, also these. */
const READING_CALL = new Set([...READING, ...'get fetch retrieve info history read'.split(' ')])
/** As the last name of a path; `/list` may as well be a list to be made. */
const READING_PLACE = new Set('search query find lookup count'.split(' '))
const CHANGING = new Set(
  'create add insert set update edit change replace rename move delete remove archive unarchive revoke send post upload publish schedule invite kick join leave open close enable disable start stop end reset mark'.split(
    ' ',
  ),
)
const ADMINISTRATORS =
  /\b(admin|admins|administrator|administrators|administrative|superuser|impersonate|impersonation)\b/i
const FOR_ADMINISTRATORS =
  /\bonly (?:[\w-]+ ){0,4}(?:co-)?admin(?:istrator)?s?\b|\b(?:must|need to|ha(?:s|ve) to) (?:be|have) (?:[\w-]+ ){0,3}admin(?:istrator)?s?\b|\b(?:requires?|needs?) (?:an? )?admin(?:istrator)?s?\b|\badmin(?:istrator)?s? (?:only|rights?|privileges?|permissions?)\b/i
/** Changing these is giving access away. */
const ACCESS = /^(roles?|permissions?|acls?|role-?assignments?)$/i

export interface LevelOptions {
  /** The document names its calls by verbs: `POST /users/list`. */
  readonly verbs: boolean
}

/** Whether paths end in verbs, as in an RPC: then the method says nothing. */
export function endsInVerbs(operations: readonly Operation[]): boolean {
  const verbs = operations.filter((operation) => /\/(create|update|delete|remove|edit|add)$/i.test(operation.path))
  return verbs.length >= 3 && verbs.length * 5 > operations.length
}

export function levelOf(operation: Operation, options: LevelOptions): Level {
  return administration(operation) ?? reading(operation, options) ?? changing(operation)
}

function administration(operation: Operation): Level | undefined {
  const { admin, names } = placeOf(operation)
  if (admin !== undefined) return { level: 'admin', reason: `Its path says “${admin}”.` }
  const said = [operation.summary, ...operation.tags].find((words) => words !== undefined && ADMINISTRATORS.test(words))
  if (said !== undefined)
    return { level: 'admin', reason: `Its words say “${ADMINISTRATORS.exec(said)?.[0]?.toLowerCase()}”.` }
  const described = FOR_ADMINISTRATORS.exec(operation.description ?? '')?.[0]
  if (described !== undefined) return { level: 'admin', reason: `Its description says “${oneLine(described)}”.` }
  const access = names.find(({ name }) => ACCESS.test(name))
  if (access !== undefined && !SAFE.has(operation.method))
    return { level: 'admin', reason: `It changes ${access.name}, and so who may do what.` }
  return undefined
}

function reading(operation: Operation, { verbs }: LevelOptions): Level | undefined {
  const { verb, names } = placeOf(operation)
  const called = wordsOf(verb ?? '').find((word) => READING_CALL.has(word) || CHANGING.has(word))
  if (SAFE.has(operation.method)) {
    if (called !== undefined && CHANGING.has(called)) return undefined
    return { level: 'read', reason: `${operation.method} only reads.` }
  }
  if (operation.method !== 'POST') return undefined
  const words = wordsOf(names.at(-1)?.name ?? '')
  const [last = ''] = verbs || words.length === 1 ? words : []
  const word = [
    ...(called !== undefined && READING_CALL.has(called) ? [called] : []),
    ...((verbs ? READING_CALL : READING_PLACE).has(last) ? [last] : []),
    ...[operation.operationId, operation.summary]
      .map((name) => wordsOf(name ?? '')[0] ?? '')
      .filter((first) => READING.has(first)),
  ][0]
  return word === undefined ? undefined : { level: 'read', reason: `POST, but it only reads: “${word}”.` }
}

function changing(operation: Operation): Level {
  const { verb } = placeOf(operation)
  return {
    level: 'write',
    reason: SAFE.has(operation.method)
      ? `${operation.method}, but “${verb}” changes something.`
      : `${operation.method} changes something.`,
  }
}

/** Calls that come before anyone has a token, or that no one has a token for. */
const BEFORE_TOKENS =
  /^(log-?in|sign-?in|sign-?up|register|forgot-?password|reset-?password|health|healthz|livez|readyz|ping|heartbeat|jwks\.json|openapi\.(json|yaml))$/i
const TOKENS =
  /(^|\/)(oauth2?|oidc|auth|connect|authentication)\/(.*\/)?(tokens?|authorize|refresh|authenticate)$|(^|\/)tokens?\/(new|refresh|obtain)$/i

/** Why an operation should be open to anyone; undefined for all but a few. */
export function openTo({ path }: Pick<Operation, 'path'>): string | undefined {
  const segments = path.split('/').filter((segment) => segment !== '')
  if (segments.some((segment) => segment.includes('{'))) return undefined
  const known = segments.find(
    (segment, index) => segment === '.well-known' || (index === segments.length - 1 && BEFORE_TOKENS.test(segment)),
  )
  if (known !== undefined) return `“${known}” is called without a token.`
  return TOKENS.test(segments.join('/')) ? 'It is where tokens come from.' : undefined
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 80)
}
