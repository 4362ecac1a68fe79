/** A result, on stdout. Messages go to stderr. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function message(text: string): void {
  process.stderr.write(`${text}\n`)
}
