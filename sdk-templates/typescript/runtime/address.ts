import { ConfigurationError } from './errors.ts'
import { encode, type PairStyle, present, scalar, type ValueStyle } from './styles.ts'

type Values = Readonly<Record<string, unknown>>

/** The path with its parameters filled in. A value can't leave its place: `..`, the empty string and `/` don't travel. */
export function expandPath(
  template: string,
  styles: Readonly<Record<string, ValueStyle>> | undefined,
  values: Values | undefined,
): string {
  if (!template.includes('{')) return template
  const path = template.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const value = own(values, name)
    if (!present(value)) throw new ConfigurationError(`The path parameter ${name} is missing`)
    const text = own(styles, name)?.(value, name) ?? encode(scalar(value))
    if (text === '') throw new ConfigurationError(`The path parameter ${name} is empty`)
    return text
  })
  // URL parsers resolve dot segments even where they are percent-encoded.
  if (path.split('/').some((segment) => /^(\.|%2e){1,2}$/i.test(segment)))
    throw new ConfigurationError('A path parameter may not be "." or ".."')
  return path
}

/** `a=1&b=2` of a query, `a=1; b=2` of a `Cookie` header. Names that the operation doesn't know are sent as they are. */
export function pairs(
  separator: string,
  styles: Readonly<Record<string, PairStyle>> | undefined,
  values: Values | undefined,
): string {
  if (values === undefined) return ''
  return Object.entries(values)
    .filter(([, value]) => present(value))
    .flatMap(([name, value]) => own(styles, name)?.(value, name) ?? [`${encode(name)}=${encode(scalar(value))}`])
    .join(separator)
}

export function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
}
