/** Of members that are parts, or pairs. */
export function isForm(type: string): boolean {
  return /^(multipart\/|application\/x-www-form-urlencoded)/.test(type)
}
