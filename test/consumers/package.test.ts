import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { expect, test } from 'vitest'
import { buildSdk } from '../../src/sdk/package/build.ts'
import { modelOf } from './models.ts'

test.each(['people', 'publishing'] as const)('%s: publint and arethetypeswrong have nothing to say', async (name) => {
  const { tarball, files } = await buildSdk({
    model: await modelOf(name),
    packageName: `@sallyport/${name}`,
    connection: {},
    custom: new Map([['custom/mine.ts', 'export const mine: number = 1\n']]),
  })
  const { buffer } = new Uint8Array(tarball)
  const { messages } = await publint({ pack: { tarball: buffer }, strict: true })
  const manifest = JSON.parse(files.get('package.json') ?? '{}')
  expect(messages.map((message) => formatMessage(message, manifest))).toEqual([])
  const analysis = await checkPackage(createPackageFromTarballData(tarball))
  // The profile `esm-only`: what resolved packages before they had `exports` isn't asked, nor is `require`.
  const problems =
    analysis.types === false
      ? ['no types']
      : analysis.problems.filter(
          (problem) =>
            problem.kind !== 'CJSResolvesToESM' &&
            !('resolutionKind' in problem && problem.resolutionKind === 'node10'),
        )
  expect(problems).toEqual([])
})
