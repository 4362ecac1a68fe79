const METHODS = ['get', 'put', 'post', 'delete', 'patch']
const AREAS = 60

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** An OpenAPI Overlay that gives a document 120 scopes, and each operation a requirement: one, AND, OR, or OR of ANDs. */
export function scopesOverlay({ paths }: Document): object {
  const areas = Array.from({ length: AREAS }, (_, index) => `area-${index + 1}`)
  const scopes = Object.fromEntries(
    areas.flatMap((area) => [`${area}:read`, `${area}:write`].map((name) => [name, name])),
  )
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.filter((method) => method in item).map((method) => ({ path, method })),
  )
  const flow = { tokenUrl: 'https://github.example/token', scopes }
  return {
    overlay: '1.0.0',
    info: { title: 'Scopes', version: '1.0.0' },
    actions: [
      {
        target: '$.components',
        update: { securitySchemes: { oauth: { type: 'oauth2', flows: { clientCredentials: flow } } } },
      },
      ...operations.map(({ path, method }, index) => ({
        target: `$.paths['${path.replaceAll("'", "\\'")}'].${method}`,
        update: { security: requirement(index, method === 'get' ? 'read' : 'write') },
      })),
    ],
  }
}

function requirement(index: number, access: 'read' | 'write'): object[] {
  const scope = (step: number): string => `area-${((index * 7 + step * 13) % AREAS) + 1}:${access}`
  switch (index % 4) {
    case 0:
      return [{ oauth: [scope(0)] }]
    case 1:
      return [{ oauth: [scope(0), scope(1)] }]
    case 2:
      return [{ oauth: [scope(0)] }, { oauth: [scope(1)] }]
    default:
      return [{ oauth: [scope(0), scope(1)] }, { oauth: [scope(2)] }, { oauth: [scope(3), scope(4), scope(5)] }]
  }
}
