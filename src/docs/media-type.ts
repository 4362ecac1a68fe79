/** Of members that are parts, or pairs. */
export function isForm(type: string): boolean {
  return /^(multipart\/|application\/x-www-form-urlencoded)/.test(type)
}

/** `application/json`, `application/problem+json`, with or without parameters. */
export function isJson(type: string): boolean {
  return /^[^;]*[/+]json\b/.test(type)
}
