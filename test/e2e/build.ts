import { ensureBuilt } from '../../src/server/build.ts'

/** Once for all end-to-end tests: servers that start side by side must not build over each other. */
export default function setup(): Promise<void> {
  return ensureBuilt((line) => process.stderr.write(`${line}\n`))
}
