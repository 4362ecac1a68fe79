import { hash, randomBytes } from 'node:crypto'

/** A bearer secret of 256 bits, safe in a URL. */
export function mintToken(): string {
  return randomBytes(32).toString('base64url')
}

/**
 * What is stored in place of a bearer secret. Our secrets are random and long, so a plain digest can't be searched
 * (passwords are another matter: see the directory).
 */
export function digestToken(token: string): string {
  return hash('sha256', token, 'base64url')
}
