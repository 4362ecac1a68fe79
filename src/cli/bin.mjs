#!/usr/bin/env node
// Plain JavaScript that any Node since 18 can read: it finds a Node that can run the rest, or says what is needed.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major > 22 || (major === 22 && minor >= 18)) {
  // What was parsed and compiled at one start needn't be at the next.
  module.enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/sallyport', import.meta.url)))
  const { run } = await import('./main.ts')
  process.exitCode = await run(process.argv.slice(2))
} else {
  const own = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url))
  if (!existsSync(own)) {
    console.error(
      `sallyport needs Node 22.18 or later, and this is ${process.version}. Run "npm ci" here: it brings one along.`,
    )
    process.exit(2)
  }
  const child = spawn(own, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.once('exit', (code) => {
    process.exitCode = code ?? 1
  })
}
