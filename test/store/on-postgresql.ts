import type { TestProject } from 'vitest/node'
import { startPostgresql } from './postgresql.ts'

/** One server for all tests of the project, each of which has databases of its own on it. */
export default async function (project: TestProject): Promise<() => void> {
  const postgresql = await startPostgresql()
  project.provide('postgresql', postgresql.url)
  return postgresql.stop
}
