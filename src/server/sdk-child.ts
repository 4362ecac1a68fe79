import { buildSdk } from '../sdk/package/build.ts'
import type { SdkOptions } from '../sdk/package/version.ts'
import type { MadeSdk } from './sdks.ts'

/** The other end of `Sdks`: makes one package a message. */
process.on('message', async (options: SdkOptions) => {
  const { version, tarball, integrity } = await buildSdk(options)
  const answer: MadeSdk = { version, tarball, integrity }
  process.send?.(answer)
})

process.on('disconnect', () => process.exit())
