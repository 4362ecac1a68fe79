import { onTestFinished } from 'vitest'
import { startRegistry } from '../registry.ts'

/** How a developer's npm is set in a test: everything but the portal's own packages comes from loopback, too. */
export async function npmEnvironment(): Promise<Record<string, string>> {
  const registry = await startRegistry()
  onTestFinished(() => registry.close())
  return { npm_config_registry: registry.url, npm_config_audit: 'false', npm_config_fund: 'false' }
}
