import { scaffold } from './templates.ts'

export interface PublishedVersion {
  readonly version: string
  /** Absolute URL. */
  readonly tarball: string
  /** Known once the package was made; npm checks them where they are given. */
  readonly integrity?: string | undefined
  readonly shasum?: string | undefined
}

export interface Published {
  readonly name: string
  readonly description?: string | undefined
  readonly versions: readonly PublishedVersion[]
  /** The version of the whole API. */
  readonly latest: string
  /** Version by client id: what an app may call. */
  readonly apps?: Readonly<Record<string, string>> | undefined
}

/**
 * The npm registry's document for a package, as `npm install` reads it. `latest` is the whole API, `app-<client_id>` what
 * that app may call.
 */
export function packument({
  name,
  description,
  versions,
  latest,
  apps = {},
}: Published): Readonly<Record<string, unknown>> {
  const shared = scaffold()
  const manifests = versions.map(({ version, tarball, integrity, shasum }) => [
    version,
    {
      name,
      version,
      ...(description !== undefined && { description }),
      ...shared,
      dist: { tarball, ...(integrity !== undefined && { integrity }), ...(shasum !== undefined && { shasum }) },
    },
  ])
  const tags = Object.entries(apps).map(([clientId, version]) => [`app-${clientId}`, version])
  return {
    name,
    ...(description !== undefined && { description }),
    'dist-tags': Object.fromEntries([['latest', latest], ...tags]),
    versions: Object.fromEntries(manifests),
  }
}
