import { call } from '../../../sdk-templates/typescript/runtime/call.ts'
import { Client, type ClientOptions } from '../../../sdk-templates/typescript/runtime/client.ts'
import type { Operation } from '../../../sdk-templates/typescript/runtime/operation.ts'
import type { Input } from '../../../sdk-templates/typescript/runtime/transport.ts'
import type { HostileServer } from './hostile-server.ts'

/** The runtime with a handful of operations, as a generated client would use it. */
export class Robot extends Client<never> {
  constructor(options: ClientOptions, scopes?: readonly string[]) {
    super(options, {}, scopes)
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

export function robot(server: HostileServer, options: ClientOptions = {}, scopes?: readonly string[]): Robot {
  const { id, secret } = server.client
  return new Robot(
    { clientId: id, clientSecret: secret, issuer: server.origin, baseUrl: server.origin, ...options },
    scopes,
  )
}
