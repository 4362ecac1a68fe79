import { type Adapter, type AdapterPayload, errors, Provider } from 'oidc-provider'
import { epoch } from '../store/clock.ts'
import type { Payload } from '../store/payloads.ts'
import type { Store } from '../store/store.ts'
import { digestToken } from '../store/token.ts'
import { digestClientSecret } from './client-secret.ts'
import type { Revocation } from './revocation.ts'
import { type Rotation, successorOf } from './rotation.ts'

export interface AdapterOptions {
  readonly store: Store
  readonly revocation: Revocation
  readonly rotation: Rotation
  /** Stands in for the initial access token of whoever has none, if anyone may register apps. */
  readonly anonymous?: string
  /** Scopes that may be granted right now. */
  readonly scopes: ReadonlySet<string>
}

/** Where the authorization server keeps its records. */
export function storeAdapter(model: string, options: AdapterOptions): Adapter {
  switch (model) {
    case 'Client':
      return clientAdapter(options)
    case 'InitialAccessToken':
      return initialAccessTokenAdapter(options)
    default:
      return payloadAdapter(model, options)
  }
}

/**
 * In the place of a device code while its person answers: only the device itself has the code. By this the record can be
 * found and changed, but no token can be had.
 */
const HANDLE = 'digest:'

function digestOfHandle(id: string): string | undefined {
  return id.startsWith(HANDLE) ? id.slice(HANDLE.length) : undefined
}

function payloadAdapter(model: string, { store: { payloads }, revocation, rotation }: AdapterOptions): Adapter {
  // Who holds the id of a code, token or session is its bearer; the store knows a digest. A grant's id opens nothing.
  const stored = model === 'Grant' ? (id: string) => id : (id: string) => digestOfHandle(id) ?? digestToken(id)

  /** A second use of a refresh token that may be due to a lost response doesn't count as theft. */
  const isRecent = (consumedAt: number) => model === 'RefreshToken' && epoch() - consumedAt < rotation.grace

  /** Whether it may be used once more: its successor, which it will yield again, has never been used. */
  async function mayRepeat(id: string): Promise<boolean> {
    const { consumedAt } = (await payloads.get(model, stored(id))) ?? {}
    if (consumedAt === undefined || !isRecent(consumedAt)) return false
    return (await payloads.get(model, stored(successorOf(id, rotation))))?.consumedAt === undefined
  }

  function restore(found: Awaited<ReturnType<typeof payloads.get>>, jti?: string): AdapterPayload | undefined {
    if (found === undefined) return undefined
    const { consumedAt } = found
    return {
      ...found.payload,
      ...(jti === undefined ? {} : { jti }),
      ...(consumedAt === undefined || isRecent(consumedAt) ? {} : { consumed: consumedAt }),
    }
  }

  return {
    async upsert(id, payload, expiresIn) {
      const { jti, session, ...rest } = payload
      // An interaction notes the session's id, by which nothing is ever looked up.
      const { cookie, ...kept } = session ?? {}
      const content = session === undefined ? rest : { ...rest, session: kept }
      await payloads.put(describe(model, stored(id), model === 'Grant' ? { ...content, jti } : content, expiresIn))
    },
    async find(id) {
      if (digestOfHandle(id) !== undefined && Provider.ctx?.oidc.route === 'token') return undefined
      return restore(await payloads.get(model, stored(id)), id)
    },
    findByUid: async (uid) => restore(await payloads.byUid(model, uid)),
    async findByUserCode(userCode) {
      const found = await payloads.byUserCode(model, userCode)
      return restore(found, found && HANDLE + found.id)
    },
    async consume(id) {
      if ((await payloads.consume(model, stored(id))) || (await mayRepeat(id))) return
      throw new errors.InvalidGrant({ detail: 'already used' })
    },
    destroy: (id) => payloads.remove(model, stored(id)),
    async revokeByGrantId(grantId) {
      await payloads.removeByGrant(model, grantId)
      // The library's access tokens are with their holders, signed; those of the grant go by denylist.
      if (model === 'AccessToken') await revocation.denyGrant(grantId)
    },
  }
}

/**
 * Seconds for which an expired device code is known as such: its device and its person are told that it has expired, and not
 * that it never was (RFC 8628, section 3.5). The record itself says when it ended.
 */
const REMEMBERED = 600

function describe(model: string, id: string, payload: AdapterPayload, expiresIn: number | undefined): Payload {
  const { grantId, userCode, uid, params } = payload
  const clientId = payload.clientId ?? params?.client_id
  const personId = payload.accountId ?? payload.session?.accountId
  return {
    model,
    id,
    payload,
    ...(grantId === undefined ? {} : { grantId }),
    ...(userCode === undefined ? {} : { userCode }),
    ...(uid === undefined ? {} : { uid }),
    ...(typeof clientId === 'string' ? { clientId } : {}),
    ...(personId === undefined ? {} : { personId }),
    ...(expiresIn === undefined ? {} : { expiresAt: epoch() + expiresIn + (model === 'DeviceCode' ? REMEMBERED : 0) }),
  }
}

/** Clients: the secret as a digest, and what a client can't say of itself in columns. A disabled one isn't found. */
function clientAdapter({ store: { clients }, revocation, scopes }: AdapterOptions): Adapter {
  return {
    ...unsupported('Client'),
    async upsert(id, metadata) {
      const {
        sallyport_owner: ownerId,
        sallyport_verified: verified,
        sallyport_assigned: _,
        sallyport_anonymous: anonymous,
        client_secret: secret,
        ...rest
      } = metadata
      const { client_name: name = id, sallyport_kind: kind, sallyport_apis: apis, software_id: softwareId } = rest
      const payload = secret === undefined ? rest : { ...rest, client_secret: digestClientSecret(secret) }
      const known = { name, apis: apis as readonly string[], payload }
      if ((await clients.get(id)) !== undefined) return clients.update(id, { ...known, verified: verified === true })
      await clients.add({
        id,
        ...known,
        ...(typeof ownerId === 'string' ? { ownerId } : {}),
        kind: String(kind),
        ...(typeof softwareId === 'string' ? { softwareId } : {}),
        verified: verified === true,
        anonymous: anonymous === true,
        createdAt: epoch(),
      })
    },
    async find(id) {
      const client = await clients.get(id)
      if (client === undefined || client.disabled) return undefined
      // A scope that its document no longer declares would make the library refuse the whole client.
      const scope = String(client.payload.scope ?? '')
        .split(' ')
        .filter((name) => scopes.has(name))
        .join(' ')
      const { scope: _, ...payload } = client.payload
      return {
        // The library normalises the lists in it.
        ...structuredClone(payload),
        ...(scope === '' ? {} : { scope }),
        sallyport_owner: client.ownerId,
        sallyport_verified: client.verified,
        sallyport_assigned: client.assigned,
        sallyport_anonymous: client.anonymous,
      }
    },
    destroy: (id) => revocation.removeClient(id),
  }
}

/** Minted by the portal or the command line, never by the library. */
function initialAccessTokenAdapter({ store: { initialAccessTokens }, anonymous }: AdapterOptions): Adapter {
  return {
    ...unsupported('InitialAccessToken'),
    async find(id) {
      if (id === anonymous)
        return { jti: id, kind: 'InitialAccessToken', iat: epoch(), policies: [REGISTRATION_POLICY] }
      const token = await initialAccessTokens.get(id)
      if (token === undefined) return undefined
      const { createdAt: iat, expiresAt: exp } = token
      return { jti: id, kind: 'InitialAccessToken', iat, exp, policies: [REGISTRATION_POLICY] }
    },
    destroy: (id) => initialAccessTokens.revoke(id),
  }
}

/** The name under which the library knows the rules of registration ({@link ./registration.ts}). */
export const REGISTRATION_POLICY = 'app'

function unsupported(model: string): Adapter {
  const refuse = async () => {
    throw new Error(`${model} has no such operation.`)
  }
  return {
    upsert: refuse,
    find: refuse,
    findByUid: refuse,
    findByUserCode: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  }
}
