/** `application/json`, `application/problem+json`, with or without parameters. */
export function isJson(type: string): boolean {
  return /^[^;]*[/+]json\b/.test(type)
}
