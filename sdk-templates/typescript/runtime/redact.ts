/** Takes secrets out of a text that someone else wrote. */
export function redact(text: string, secrets: readonly (string | undefined)[]): string {
  return secrets.reduce<string>(
    (result, secret) =>
      secret ? result.replaceAll(secret, '[redacted]').replaceAll(encodeURIComponent(secret), '[redacted]') : result,
    text,
  )
}
