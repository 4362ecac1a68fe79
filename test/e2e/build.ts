import { ensureBuilt } from '../../src/server/build.ts'

/** Once for all end-to-end tests: servers that start side by side must not build over each other. */
export default async function setup(): Promise<void> {
  await ensureBuilt((line) => process.stderr.write(`${line}\n`))
}
