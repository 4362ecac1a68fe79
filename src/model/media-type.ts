/** `application/json`, `application/problem+json`, `text/json; charset=utf-8` …: one JSON value, not several as in `json-seq`. */
export function isJson(type: string): boolean {
  return /^[^;]*[/+]json\s*(;|$)/i.test(type)
}
