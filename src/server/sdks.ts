import type { ApiModel } from '../model/api.ts'
import { audienceKey, seedAsSeen } from '../model/as-seen.ts'
import { resourceOf } from '../model/audience.ts'
import { packument } from '../sdk/package/packument.ts'
import { type SdkOptions, sdkVersion } from '../sdk/package/version.ts'
import type { Store } from '../store/store.ts'
import { JobProcess } from './job-process.ts'
import { RecentTarballs } from './recent-tarballs.ts'

const LIMITS = { memoryMb: 4096, timeMs: 120_000 }

/** An API as whoever downloads may see it. */
export interface ReadApi {
  readonly model: ApiModel
  /** The app whose read token it is seen with. */
  readonly app?: string
}

/** How long whom may keep a version, which never changes. */
export function keptBy({ model }: ReadApi): string {
  return `${audienceKey(model) === '' ? 'public' : 'private'}, max-age=31536000, immutable`
}

export interface MadeSdk {
  readonly version: string
  readonly tarball: Uint8Array
  readonly integrity: string
}

export interface SdksOptions {
  readonly publicUrl: string
  readonly npmScope: string
  /** What an API's sandbox holds at first. */
  readonly seed: (api: string) => SdkOptions['seed']
  readonly store: Pick<Store, 'packages' | 'clients'>
}

/**
 * The SDKs that this portal publishes. A version is known without being made; it is made when someone first downloads it,
 * in a child process, and is kept for as long as someone downloads it. Made again, it is the same to the byte.
 */
export class Sdks {
  readonly #options: SdksOptions
  readonly #process = new JobProcess<SdkOptions, MadeSdk>('./sdk-child.ts', LIMITS)
  readonly #recent = new RecentTarballs(64 * 1024 * 1024)
  readonly #making = new Map<string, Promise<Uint8Array | undefined>>()

  constructor(options: SdksOptions) {
    this.#options = options
  }

  packageName(api: string): string {
    return `@${this.#options.npmScope}/${api}`
  }

  /** @param scopes undefined: the whole API */
  version(model: ApiModel, scopes: readonly string[] | undefined): string {
    return sdkVersion(this.#sdk(model, scopes))
  }

  /** What `npm install` reads of one package: every version that was ever made, and those that can be. */
  async packument(api: ReadApi): Promise<Readonly<Record<string, unknown>>> {
    const { model } = api
    const name = this.packageName(model.name)
    const latest = this.version(model, undefined)
    const apps = Object.fromEntries(
      [...(await this.#apps(api))].map(([id, scopes]) => [id, this.version(model, scopes)]),
    )
    const made = new Map(
      (await this.#options.store.packages.versions(this.#shelf(model))).map(({ version, integrity }) => [
        version,
        integrity,
      ]),
    )
    const versions = new Set([...made.keys(), latest, ...Object.values(apps)])
    return packument({
      name,
      description: model.summary ?? model.title,
      latest,
      apps,
      versions: [...versions].map((version) => ({
        version,
        integrity: made.get(version),
        tarball: `${this.#options.publicUrl}/npm/${name}/-/${model.name}-${version}.tgz`,
      })),
    })
  }

  /** The tarball of a version; undefined where there is none, or none any more. */
  async tarball(api: ReadApi, version: string): Promise<Uint8Array | undefined> {
    const { model } = api
    const stored = await this.#options.store.packages.tarball(this.#shelf(model), version)
    if (stored !== undefined) return stored
    const candidates = [undefined, ...(await this.#apps(api)).values()]
    const scopes = candidates.find((candidate) => this.version(model, candidate) === version)
    if (scopes === undefined && this.version(model, undefined) !== version) return undefined
    return this.make(model, scopes)
  }

  /**
   * The package for exactly these scopes, made if it wasn't before. Undefined: the document is too much for the generator.
   *
   * @param publish whether it becomes a version that is kept. Not for scopes that a stranger made up: they could fill the disk.
   */
  async make(
    model: ApiModel,
    scopes: readonly string[] | undefined,
    { publish = true } = {},
  ): Promise<Uint8Array | undefined> {
    const options = this.#sdk(model, scopes)
    const version = sdkVersion(options)
    const shelf = this.#shelf(model)
    const stored = await this.#options.store.packages.tarball(shelf, version)
    if (stored !== undefined) return stored
    const key = `${shelf}@${version} ${publish}`
    const recent = publish ? undefined : this.#recent.get(key)
    if (recent !== undefined) return recent
    const making =
      this.#making.get(key) ?? this.#run(options, publish ? shelf : undefined).finally(() => this.#making.delete(key))
    this.#making.set(key, making)
    const made = await making
    if (!publish && made !== undefined) this.#recent.keep(key, made)
    return made
  }

  /** Bytes of that tarball; undefined while it isn't made. */
  async size(model: ApiModel, scopes: readonly string[] | undefined): Promise<number | undefined> {
    const version = this.version(model, scopes)
    const shelf = this.#shelf(model)
    const stored = await this.#options.store.packages.size(shelf, version)
    return stored ?? this.#recent.get(`${shelf}@${version} false`)?.byteLength
  }

  /** The scopes of an app, as far as they are this API's. */
  async scopesOf(api: ReadApi, clientId: string): Promise<readonly string[] | undefined> {
    return (await this.#apps(api)).get(clientId)
  }

  close(): void {
    this.#process.close()
  }

  async #run(options: SdkOptions, shelf: string | undefined): Promise<Uint8Array | undefined> {
    const result = await this.#process.run(options)
    if (!result.ok) return undefined
    const { version, integrity, tarball } = result.answer
    if (shelf !== undefined) await this.#options.store.packages.publish({ name: shelf, version, integrity }, tarball)
    return tarball
  }

  /** What is kept for one audience never comes up for another: a list of versions says that there are any. */
  #shelf(model: ApiModel): string {
    const key = audienceKey(model)
    return key === '' ? this.packageName(model.name) : `${this.packageName(model.name)} for ${key}`
  }

  #sdk(model: ApiModel, scopes: readonly string[] | undefined): SdkOptions {
    const resource = resourceOf(this.#options.publicUrl, model.name)
    return {
      model,
      seed: seedAsSeen(this.#options.seed(model.name) ?? {}, model),
      packageName: this.packageName(model.name),
      scopes,
      connection: { baseUrl: resource, issuer: `${this.#options.publicUrl}/oauth`, resource },
    }
  }

  /** The apps that an SDK can be made for; of an API that isn't everyone's, just the one that reads. */
  async #apps({ model, app }: ReadApi): Promise<Map<string, readonly string[]>> {
    const mine = audienceKey(model) === '' ? undefined : app
    const known = new Set(model.scopes.map(({ name }) => name))
    const clients = (await this.#options.store.clients.list()).filter(
      ({ id, apis, disabled }) => !disabled && apis.includes(model.name) && (mine === undefined || id === mine),
    )
    return new Map(
      clients.map(({ id, payload }) => {
        const scopes = typeof payload.scope === 'string' ? payload.scope.split(' ') : []
        return [id, scopes.filter((scope) => known.has(scope)).sort()]
      }),
    )
  }
}
