import { InvalidArgumentError } from 'commander'

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** `90s`, `15m`, `12h`, `30d` → seconds. */
export function parseDuration(text: string): number {
  const [, number, unit] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? []
  if (number === undefined || unit === undefined)
    throw new InvalidArgumentError('It takes a number and a unit: 90s, 15m, 12h or 30d.')
  return Number(number) * (SECONDS[unit] ?? 1)
}
