import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whether there is one to test with. In CI there has to be. */
export function hasPostgresql(): boolean {
  if (findPrograms() !== undefined && asOrdinaryUser() !== undefined) return true
  if (process.env.CI !== undefined) throw new Error('PostgreSQL is not installed, and CI tests with it.')
  process.stderr.write('PostgreSQL is not installed: everything is tested on SQLite alone.\n')
  return false
}

/** A PostgreSQL of this test run's own, on a free loopback port. */
export async function startPostgresql(): Promise<{ url: string; stop(): void }> {
  const programs = findPrograms()
  const run = asOrdinaryUser()
  if (programs === undefined || run === undefined) throw new Error('PostgreSQL is not installed.')
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-postgresql-'))
  run.own(folder)
  const data = join(folder, 'data')
  const port = await freePort()
  const quick = '-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=500'
  run.exec(join(programs, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'sallyport', '-N', '--no-locale', '-E', 'UTF8'])
  run.exec(join(programs, 'pg_ctl'), [
    ...['-D', data, '-w', '-l', join(folder, 'log')],
    ...['-o', `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 ${quick}`, 'start'],
  ])
  return {
    url: `postgres://sallyport@127.0.0.1:${port}/postgres`,
    stop() {
      run.exec(join(programs, 'pg_ctl'), ['-D', data, '-m', 'immediate', '-w', 'stop'])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function findPrograms(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env.PATH ?? '').split(':')]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')))
}

/** PostgreSQL refuses to run as root. */
function asOrdinaryUser() {
  const stdio = 'ignore' as const
  if (process.getuid?.() !== 0) {
    return { own: () => {}, exec: (program: string, args: string[]) => execFileSync(program, args, { stdio }) }
  }
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
    const [user, group] = [id('-u'), id('-g')]
    return {
      own: (folder: string) => chownSync(folder, user, group),
      exec: (program: string, args: string[]) =>
        execFileSync('runuser', ['-u', 'postgres', '--', program, ...args], { stdio, cwd: '/' }),
    }
  } catch {
    return undefined
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(address)))
    })
  })
}
