import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from './portal.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

function sallyport(args: readonly string[], environment: Record<string, string> = {}, node = process.execPath) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = spawn(node, [join(ROOT, 'src/cli/bin.mjs'), ...args], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
}

describe('what stops the start: one clear line, exit 2', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-process-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('a port in use', async () => {
    const other = createServer()
    const port = await freePort()
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve))
    const { code, stderr } = await sallyport(['start'], { PORT: String(port), DATA_DIR: folder })
    await new Promise((resolve) => other.close(resolve))
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `PORT: ${port} is in use on 127.0.0.1. Set another, or stop what listens there.\n`,
    })
  })

  test('a DATA_DIR that can not be written', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    const { code, stderr } = await sallyport(['start'], { DATA_DIR: join(file, 'data') })
    expect(code).toBe(2)
    expect(stderr).toMatch(/^DATA_DIR: \S+ can't be written \(ENOTDIR\)\. .+\n$/)
  })

  test('a SPECS_DIR that is not there', async () => {
    const { code, stderr } = await sallyport(['start'], { DATA_DIR: folder, SPECS_DIR: join(folder, 'none') })
    expect(code).toBe(2)
    expect(stderr).toMatch(/^SPECS_DIR: \S+ can't be read \(ENOENT\)\. .+\n$/)
  })

  test('a wrong variable', async () => {
    const { code, stderr } = await sallyport(['start'], { PORT: 'http' })
    expect(code).toBe(2)
    expect(stderr).toMatch(/^PORT: got "http"; .+\n$/)
  })

  test('wrong usage', async () => {
    expect((await sallyport(['fly'])).code).toBe(2)
    expect((await sallyport(['start', '--port', 'x'])).code).toBe(2)
    expect((await sallyport(['decide', 'people', 'nothing'])).stderr).toBe('nothing: no such operation in people.\n')
  })
})

describe('commands', () => {
  test('decide, as JSON', async () => {
    const { code, stdout } = await sallyport([
      'decide',
      'people',
      'getEmployee',
      '--scopes',
      'employees:read',
      '--json',
    ])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      allow: true,
      status: 200,
      missing: [],
      hiddenFields: ['bankAccount', 'bonus', 'salary'].map((name) => `/components/schemas/Employee/properties/${name}`),
      why: 'employees:read held.',
    })
    const none = await sallyport(['decide', 'people', 'listPayslips', '--json'])
    expect(JSON.parse(none.stdout)).toMatchObject({
      allow: false,
      status: 401,
      missing: [['compensation:read', 'payroll:read']],
    })
  })

  test('check: the documents that come along are without findings', async () => {
    expect(await sallyport(['check', 'people', 'publishing'])).toEqual({
      code: 0,
      stdout: '',
      stderr: 'No findings.\n',
    })
  })

  test.runIf(existsSync('/usr/bin/node'))('on the Node of the machine, however old, it finds its own', async () => {
    const { code, stdout } = await sallyport(['--help'], {}, '/usr/bin/node')
    expect(code).toBe(0)
    expect(stdout).toContain('Usage: sallyport')
  })
})
