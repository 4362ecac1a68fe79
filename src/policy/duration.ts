/** No access token lives longer, whatever a rule says; so long must what was taken back be remembered. In seconds. */
export const LONGEST_ACCESS_TOKEN = 86_400

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
] as const

/** Seconds as `access.yaml` writes them, in the largest unit that fits without a rest: `30d`, `36h`, `90s`. */
export function formatDuration(seconds: number): string {
  const [unit, size] = UNITS.find(([, size]) => seconds % size === 0) ?? ['s', 1]
  return `${seconds / size}${unit}`
}
