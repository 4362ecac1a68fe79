import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PROGRAMS = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/local/bin/nginx', '/opt/homebrew/bin/nginx']

export interface Nginx {
  readonly port: number
  stop(): Promise<void>
}

/** nginx with the configuration that the README gives, between the two addresses. */
export async function startNginx(sallyport: number, api: number): Promise<Nginx> {
  const program = PROGRAMS.find((path) => existsSync(path))
  if (program === undefined) throw new Error(`nginx is not installed: it is none of ${PROGRAMS.join(', ')}.`)
  const port = await freePort()
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const written = /```nginx\n(.*?)```/s.exec(readme)?.[1] ?? ''
  const site = written
    .replace('127.0.0.1:4321', `127.0.0.1:${sallyport}`)
    .replace('127.0.0.1:9000', `127.0.0.1:${api}`)
    .replace('listen 8443', `listen 127.0.0.1:${port}`)
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-nginx-'))
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  )
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${join(folder, 'pid')}; events {} http { access_log off; ${temporary.join(' ')}\n${site}\n}`,
  )
  const child = spawn(program, ['-c', join(folder, 'nginx.conf'), '-p', folder, '-e', 'stderr'], { stdio: 'pipe' })
  await listening(child, port)
  return {
    port,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${said}`)
    const answers = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    )
    if (answers) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`nginx doesn't answer: ${said}`)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('There is no free port.')
  return address.port
}
