import { createHash } from 'node:crypto'
import type { ApiModel } from '../../model/api.ts'
import type { BuiltIn } from '../typescript/client.ts'
import { generatorVersion } from './templates.ts'

/** All that a package's bytes depend on. */
export interface SdkOptions extends BuiltIn {
  readonly model: ApiModel
  readonly packageName: string
  /** Leave out what `scopes` can't call. */
  readonly prune?: boolean | undefined
  /** What its sandbox holds at first, by the path of a collection. Comes from the same sources as the model. */
  readonly seed?: Readonly<Record<string, readonly unknown[]>> | undefined
  /** By operation: `orders.list`. */
  readonly names?: Readonly<Record<string, string>> | undefined
  /** TypeScript of the owner's own, by path: `custom/report.ts`. */
  readonly custom?: ReadonlyMap<string, string> | undefined
}

/**
 * The version of the package that these options give, without making it: `1.4.0-h0123456789ab`. The document's version,
 * and a hash of everything that the bytes depend on; a letter leads it, as a number with leading zeros is no semver.
 */
export function sdkVersion(options: SdkOptions): string {
  const { model, packageName, scopes, prune, connection, names = {}, types = {}, custom = new Map() } = options
  const { baseUrl, issuer, tokenEndpoint, resource } = connection
  const identity = [
    model.hash,
    generatorVersion(),
    model.name,
    packageName,
    normalScopes(scopes) ?? null,
    scopes !== undefined && prune === true,
    [baseUrl, issuer, tokenEndpoint, resource].map((value) => value ?? null),
    Object.entries(names).sort(),
    [types.dates ?? 'string', types.enums ?? 'closed'],
    [...custom],
  ]
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 12)
  return `${core(model.version)}-h${hash}`
}

export function normalScopes(scopes: readonly string[] | undefined): readonly string[] | undefined {
  return scopes === undefined ? undefined : [...new Set(scopes)].sort()
}

/** The document's version as far as it is one: `v2.1` → `2.1.0`, `2024-05-01` → `2024.5.1`, `latest` → `0.0.0`. */
function core(version: string): string {
  const numbers = version.match(/\d+/g) ?? []
  return [0, 1, 2].map((index) => String(Number(numbers[index]?.slice(0, 15) ?? 0))).join('.')
}
