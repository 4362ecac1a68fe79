import type { Call } from './call.ts'
import type { Caller } from './caller.ts'

/**
 * Whose world a call is about: its app's, and of that the one that `Sallyport-Session` names. Undefined: the header's value
 * can't be one. The app is always part of it, so that nobody gets into another's session by guessing its name.
 */
export function sessionOf(call: Call, { clientId }: Caller): string | undefined {
  const name = call.header('sallyport-session')
  if (name !== undefined && !/^[\w.~-]{1,128}$/.test(name)) return undefined
  return `${name ?? ''} ${clientId ?? ''}`
}

/** Whoever comes without token and session: they share a world, and may not read what others did there. */
export const ANYONE = ' '
