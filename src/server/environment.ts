import { z } from 'zod'
import { inNetwork } from '../policy/network.ts'

/** What the process was told, read once. Times and sizes are fixed; only where things are can be set. */
export interface Environment {
  readonly host: string
  readonly port: number
  /** No trailing slash. */
  readonly publicUrl: string
  readonly dataDir: string
  readonly specsDir: string
  readonly databaseUrl: string | undefined
  readonly production: boolean
  readonly demo: boolean
  /** Networks of the proxies that may ask `/enforce`; none may unless they are named. */
  readonly enforceProxies: readonly string[]
  /** Days that decisions about tokens stay in the audit log. */
  readonly decisionDays: number
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
}

/** A variable with a wrong value. The message is one line: which, what it got, what it takes. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
}

const flag = z
  .enum(['true', 'false', '1', '0'], 'takes true or false')
  .transform((value) => value === 'true' || value === '1')
const origin = z
  .string()
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), {
    error: 'takes an http or https URL',
    abort: true,
  })
  .refine((value) => {
    const { pathname, search, hash, username, password } = new URL(value)
    return pathname === '/' && search + hash + username + password === ''
  }, 'takes an origin without path, query or credentials, such as https://developers.example.com')
  .transform((value) => new URL(value).origin)

const networks = z
  .string()
  .transform((text) => text.split(',').map((network) => network.trim()))
  .refine(
    (all) => all.every((network) => inNetwork(network.split('/', 1)[0] ?? '', network)),
    'takes addresses and networks, separated by commas: 127.0.0.1,10.0.0.0/8',
  )

const variables = z.object({
  PORT: z.coerce
    .number('takes a port number from 0 to 65535')
    .int()
    .min(0)
    .max(65_535, 'takes a port number from 0 to 65535')
    .default(4321),
  HOST: z.string().min(1).default('127.0.0.1'),
  PUBLIC_URL: origin.optional(),
  DATA_DIR: z.string().min(1).default('.data'),
  SPECS_DIR: z.string().min(1).default('specs'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'takes postgres://user:password@host/database')
    .optional(),
  SALLYPORT_DEMO: flag.optional(),
  ENFORCE_PROXIES: networks.optional(),
  DECISION_DAYS: z.coerce
    .number('takes a number of days from 1 to 3650')
    .int('takes a number of days from 1 to 3650')
    .min(1, 'takes a number of days from 1 to 3650')
    .max(3650, 'takes a number of days from 1 to 3650')
    .default(30),
  NODE_ENV: z.string().optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  DCR_ANONYMOUS: flag.optional(),
  SIGN_IN_ISSUER: z.string().optional(),
})

/** @throws {EnvironmentError} for a wrong value, naming the first */
export function readEnvironment(source: Readonly<Record<string, string | undefined>>): Environment {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''))
  const result = variables.safeParse(given)
  if (!result.success) {
    const issue = result.error.issues[0]
    const name = String(issue?.path[0])
    const got = /URL|SECRET/.test(name) ? 'its value' : JSON.stringify(source[name])
    throw new EnvironmentError(`${name}: got ${got}; ${issue?.message ?? 'invalid'}.`)
  }
  const values = result.data
  const publicUrl = values.PUBLIC_URL ?? `http://localhost:${values.PORT}`
  const loopback = isLoopback(new URL(publicUrl).hostname)
  const production = values.NODE_ENV === 'production' || !loopback
  const demo = values.SALLYPORT_DEMO ?? !production
  if (values.SALLYPORT_DEMO === true && (!loopback || !isLoopback(values.HOST)))
    throw new EnvironmentError(
      'SALLYPORT_DEMO: got true; demo people can sign in with one click, so HOST and PUBLIC_URL must be loopback.',
    )
  if (values.DCR_ANONYMOUS === true)
    throw new EnvironmentError(
      'DCR_ANONYMOUS: got true; anonymous registration is not available in this version. Unset it.',
    )
  if (values.SIGN_IN_ISSUER !== undefined)
    throw new EnvironmentError(
      'SIGN_IN_ISSUER: sign-in at an external provider is not available in this version. Unset it.',
    )
  return {
    host: values.HOST,
    port: values.PORT,
    publicUrl,
    dataDir: values.DATA_DIR,
    specsDir: values.SPECS_DIR,
    databaseUrl: values.DATABASE_URL,
    production,
    // The default must never open one-click sign-in to a network.
    demo: demo && isLoopback(values.HOST),
    enforceProxies: values.ENFORCE_PROXIES ?? [],
    decisionDays: values.DECISION_DAYS,
    logLevel: values.LOG_LEVEL,
  }
}

export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    /^127(\.\d{1,3}){3}$/.test(host) ||
    host === '::1' ||
    host === '[::1]'
  )
}
