/** How a developer's npm is set: the default registry, from its cache where it can. */
export async function npmEnvironment(): Promise<Record<string, string>> {
  return { npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' }
}
