import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Handler } from './dispatch.ts'
import { EnvironmentError } from './environment.ts'

/** Milliseconds that requests in flight get to finish when the server stops. */
const GRACE = 10_000

export interface Listening {
  readonly port: number
  /** Where this process reaches itself, whatever name or addresses it was told to listen on: `http://[::1]:4321`. */
  readonly origin: string
  /** Takes no new connection, lets what is in flight finish. */
  stop(): Promise<void>
}

/** How long a client may take to send a request; one that is slower gets 408, and its connection is closed. Milliseconds. */
const PATIENCE = { headersTimeout: 20_000, requestTimeout: 60_000, connectionsCheckingInterval: 5_000 }

/** @throws {EnvironmentError} where the address can't be had */
export async function listen(handler: Handler, host: string, port: number, patience = PATIENCE): Promise<Listening> {
  const server = createServer({ ...patience, maxHeaderSize: 32_768 }, (request, response) => {
    void handler(request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(unavailable(error, host, port)))
    server.listen(port, host, resolve)
  })
  const bound = server.address() as AddressInfo
  return { port: bound.port, origin: originOf(bound), stop: () => stop(server) }
}

/** Who listens on all addresses also does on the loopback address. */
function originOf({ address, family, port }: AddressInfo): string {
  const own = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address
  return `http://${family === 'IPv6' ? `[${own}]` : own}:${port}`
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), GRACE)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    server.closeIdleConnections()
  })
}

function unavailable(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new EnvironmentError(`PORT: ${port} is in use on ${host}. Set another, or stop what listens there.`)
    case 'EACCES':
      return new EnvironmentError(`PORT: ${port} may not be used by this user. Take one above 1023.`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new EnvironmentError(`HOST: ${host} is no address of this machine.`)
    default:
      return error
  }
}
