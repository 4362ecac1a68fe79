import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readPortalFile } from '../../src/server/portal-file.ts'

async function read(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  return readPortalFile(folder)
}

test('the logo is read from beside portal.yaml', async () => {
  const { file, logo, problems } = await read({ 'portal.yaml': 'name: Acme\nlogo: acme.svg\n', 'acme.svg': '<svg/>' })
  expect({ name: file.name, type: logo?.type, problems }).toEqual({ name: 'Acme', type: 'image/svg+xml', problems: [] })
  expect(Buffer.from(logo?.content ?? []).toString()).toBe('<svg/>')
})

test.each([
  ['one that is not there', 'acme.svg', 'There is no acme.svg.'],
  ['one outside the folder', '../acme.svg', "The logo can't be ../acme.svg."],
  ['what is no image', 'acme.html', "The logo can't be acme.html."],
  ['one that is too large', 'large.png', 'large.png is larger than 100 KB.'],
])('%s is told, and the rest of the file holds', async (_, name, message) => {
  const portal = `name: Acme\nlogo: ${name}\n`
  const { file, logo, problems } = await read({ 'portal.yaml': portal, 'large.png': 'x'.repeat(100_001) })
  expect({ name: file.name, logo }).toEqual({ name: 'Acme', logo: undefined })
  expect(problems.map((problem) => problem.message)).toEqual([message])
})
