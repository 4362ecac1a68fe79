import { InvalidArgumentError } from 'commander'

export function parsePort(text: string): string {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('It takes a port number from 0 to 65535.')
  return text
}
