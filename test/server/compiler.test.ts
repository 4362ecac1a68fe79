import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { Compiler } from '../../src/server/compiler.ts'
import type { Limits } from '../../src/server/job-process.ts'
import { singleFile } from '../../src/spec/folder.ts'

/** A document with so many properties, each of its own. */
const wide = (properties: number): string =>
  JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Wide', version: '1' },
    paths: {},
    components: {
      schemas: {
        Wide: {
          type: 'object',
          properties: Object.fromEntries(Array.from({ length: properties }, (_, index) => [`p${index}`, {}])),
        },
      },
    },
  })

describe('the compiler', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-compiler-'))
    await writeFile(join(folder, 'small.json'), wide(3))
    await writeFile(join(folder, 'million.json'), wide(1_000_000))
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  async function compile(names: readonly string[], limits?: Limits) {
    const compiler = await Compiler.open(await mkdtemp(join(folder, 'data-')), false, limits)
    try {
      const outcomes = []
      for (const name of names) {
        const source = singleFile(join(folder, `${name}.json`))
        outcomes.push(await compiler.compile(source, await compiler.hash(source)))
      }
      return outcomes
    } finally {
      compiler.close()
    }
  }

  test('a million properties are a correct model, within the limits of production', async () => {
    const [outcome] = await compile(['million'])
    if (outcome?.ok !== true) throw new Error(JSON.stringify(outcome))
    const schema = outcome.compiled.model.schemas.Wide
    expect(typeof schema === 'object' && Object.keys(schema.properties ?? {}).length).toBe(1_000_000)
  })

  test.each<[string, Limits, RegExp]>([
    ['memory', { memoryMb: 64, timeMs: 60_000 }, /needs more than 64 MB/],
    ['time', { memoryMb: 2048, timeMs: 20 }, /took longer than 0\.02 s/],
  ])('what breaks the limit of %s is refused at its place, and the server lives', async (_, limits, message) => {
    const [outcome] = await compile(['million'], limits)
    if (outcome === undefined || outcome.ok) throw new Error('compiled')
    expect(outcome.problems).toEqual([
      expect.objectContaining({ severity: 'error', message: expect.stringMatching(message), line: 1, column: 1 }),
    ])
    expect(outcome.problems[0]?.file).toBe(join(folder, 'million.json'))
  })

  test('what no document needs any more goes, a day after it was used', async () => {
    const dataDir = await mkdtemp(join(folder, 'data-'))
    const compiler = await Compiler.open(dataDir, false)
    onTestFinished(() => compiler.close())
    const compiled = async (name: string) => {
      await writeFile(join(folder, `${name}.json`), wide(1))
      const source = singleFile(join(folder, `${name}.json`))
      const outcome = await compiler.compile(source, await compiler.hash(source))
      if (!outcome.ok) throw new Error(JSON.stringify(outcome))
      return [outcome.modelFile, outcome.documentFile]
    }
    const age = async (files: readonly string[]) => {
      const then = new Date(Date.now() - 25 * 60 * 60_000)
      for (const file of files) await utimes(file, then, then)
    }
    const [served, recent, gone] = [await compiled('served'), await compiled('recent'), await compiled('gone')]
    const unfinished = join(dataDir, 'cache/of-a-process-that-was-killed.model.json.1.part')
    await writeFile(unfinished, '{')
    await age([...served, ...gone, unfinished])
    await compiler.sweep(served)
    const left = (await readdir(join(dataDir, 'cache'))).map((name) => join(dataDir, 'cache', name))
    expect(left.sort()).toEqual([...served, ...recent].sort())
    // Read anew, should it come back.
    expect(await compiled('gone')).toEqual(gone)
  })

  test('after a document that broke the limit, the next one is compiled', async () => {
    const [broken, next] = await compile(['million', 'small'], { memoryMb: 64, timeMs: 60_000 })
    expect([broken?.ok, next?.ok]).toEqual([false, true])
  })
})
