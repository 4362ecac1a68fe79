import { type Logger, pino } from 'pino'
import type { Environment } from './environment.ts'

export type Log = Logger

/** JSON lines on stderr. What could carry a secret is cut out, down to the third level. */
export function createLog(level: Environment['logLevel']): Log {
  const secrets = [
    'authorization',
    'cookie',
    'set-cookie',
    'password',
    'client_secret',
    'clientSecret',
    'token',
    'access_token',
    'refresh_token',
  ]
  const paths = secrets.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`])
  return pino(
    { level, redact: { paths, censor: '[redacted]' }, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination(2),
  )
}
