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
  /** Addresses and networks of the proxies in front, whose `X-Forwarded-For` counts. */
  readonly trustedProxies: readonly string[]
  /** Whether anyone may register apps. */
  readonly anonymousRegistration: boolean
  /** Seconds in which a refresh token yields its successor again. */
  readonly refreshGrace: number
  /** Where people sign in; none: here, with a password. */
  readonly signInProvider?: SignInProvider
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
}

/** The OpenID provider where people sign in. */
export interface SignInProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret?: string
  readonly groupsClaim?: string
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
  .refine(
    (value) => new URL(value).protocol === 'https:' || isLoopback(new URL(value).hostname),
    'takes https, and http on a loopback address only: passwords and tokens would cross the network for all to read',
  )
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
  TRUSTED_PROXIES: networks.default([]),
  REFRESH_GRACE: z.coerce
    .number('takes seconds from 0 to 60')
    .int()
    .min(0)
    .max(60, 'takes seconds from 0 to 60')
    .default(30),
  DCR_ANONYMOUS: flag.default(false),
  SIGN_IN_ISSUER: z
    .string()
    .refine((value) => isIssuer(value), 'takes the https URL of an OpenID provider')
    .optional(),
  SIGN_IN_CLIENT_ID: z.string().optional(),
  SIGN_IN_CLIENT_SECRET: z.string().optional(),
  SIGN_IN_GROUPS_CLAIM: z.string().optional(),
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
  const signInProvider = readProvider(values)
  if (values.SALLYPORT_DEMO === true && signInProvider !== undefined)
    throw new EnvironmentError('SALLYPORT_DEMO: got true; demo people sign in here, which SIGN_IN_ISSUER rules out.')
  return {
    host: values.HOST,
    port: values.PORT,
    publicUrl,
    dataDir: values.DATA_DIR,
    specsDir: values.SPECS_DIR,
    databaseUrl: values.DATABASE_URL,
    production,
    // The default must never open one-click sign-in to a network.
    demo: demo && isLoopback(values.HOST) && signInProvider === undefined,
    ...(signInProvider === undefined ? {} : { signInProvider }),
    enforceProxies: values.ENFORCE_PROXIES ?? [],
    decisionDays: values.DECISION_DAYS,
    logLevel: values.LOG_LEVEL,
    trustedProxies: values.TRUSTED_PROXIES,
    anonymousRegistration: values.DCR_ANONYMOUS,
    refreshGrace: values.REFRESH_GRACE,
  }
}

function readProvider(values: z.infer<typeof variables>): SignInProvider | undefined {
  const { SIGN_IN_ISSUER: issuer, SIGN_IN_CLIENT_ID: clientId } = values
  const { SIGN_IN_CLIENT_SECRET: clientSecret, SIGN_IN_GROUPS_CLAIM: groupsClaim } = values
  if (issuer === undefined) return undefined
  if (clientId === undefined)
    throw new EnvironmentError('SIGN_IN_CLIENT_ID: not set; takes the id that SIGN_IN_ISSUER gave to this portal.')
  return {
    issuer,
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(groupsClaim === undefined ? {} : { groupsClaim }),
  }
}

function isIssuer(value: string): boolean {
  const url = URL.parse(value)
  return url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
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
