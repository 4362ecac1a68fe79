import { authOf, type CredentialOptions } from '../../../sdk-templates/typescript/runtime/auth/credentials.ts'
import { call } from '../../../sdk-templates/typescript/runtime/call.ts'
import { Client, type ClientOptions } from '../../../sdk-templates/typescript/runtime/client.ts'
import type { Operation } from '../../../sdk-templates/typescript/runtime/operation.ts'
import type { Input } from '../../../sdk-templates/typescript/runtime/transport.ts'
import type { HostileServer } from './hostile-server.ts'

/** The runtime with a handful of operations, as a generated client would use it. */
export class Robot extends Client<never> {
  constructor(options: ClientOptions & CredentialOptions, scopes?: readonly string[]) {
    super({ ...options, auth: authOf(options) }, {}, scopes)
  }

  call(operation: Partial<Operation> = {}, input: Input = {}): Promise<unknown> {
    return call(this, { ...THINGS, ...operation }, input)
  }
}

export const THINGS: Operation = {
  id: 'listThings',
  method: 'GET',
  path: '/things',
  accept: 'application/json',
  scopes: [['things:read']],
}

/** In the client's own name, unless told otherwise. */
export function robot(
  server: HostileServer,
  options: ClientOptions & CredentialOptions = {},
  scopes?: readonly string[],
): Robot {
  const { id, secret } = server.client
  return new Robot(
    { clientId: id, clientSecret: secret, issuer: server.origin, baseUrl: server.origin, ...options },
    scopes,
  )
}

export function many(client: Robot, count = 100): Promise<unknown[]> {
  return Promise.all(Array.from({ length: count }, () => client.call()))
}

/** What a promise is rejected with. */
export function thrown(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`It was fulfilled, with ${JSON.stringify(value)}`)
    },
    (error: unknown) => error,
  )
}
