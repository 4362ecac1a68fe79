/** The import rules of the layout: data flows one way, spec → model → consumers. See CONTRIBUTING. */

/** Which folders of ours a folder may import from, besides itself. */
const MAY_IMPORT = {
  spec: [],
  model: ['spec'],
  access: ['model'],
  policy: ['model', 'access'],
  adopt: ['model'],
  docs: ['model', 'access', 'policy', 'sdk', 'sandbox', 'wording'],
  wording: [],
  sdk: ['model', 'access'],
  sandbox: ['model', 'access', 'policy'],
  store: [],
  'authorization-server': ['model', 'policy', 'store', 'wording'],
  apps: ['model', 'policy', 'store', 'wording'],
}

/** What is a folder's own, so that swapping the library touches one place. */
const OWNED = {
  '@redocly/openapi-core': 'spec',
  '@scalar/openapi-upgrader': 'spec',
  'js-yaml': 'spec',
  'jsonpath-rfc9535': 'spec',
  'oidc-provider': 'authorization-server',
  kysely: 'store',
  pg: 'store',
  diff: 'adopt',
  msw: 'sandbox',
  'json-schema-faker': 'sandbox',
}

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          // What pages alone import, which are none of its languages.
          '^src/(components|pages)/',
          // In the place of a library, in the browser: see astro.config.mjs.
          '^src/sandbox/registrable-domain',
        ],
      },
      to: {},
    },
    { name: 'not-from-tests', severity: 'error', from: { path: '^(src|sdk-templates)' }, to: { path: '^test' } },
    {
      name: 'no-drawers',
      severity: 'error',
      from: {},
      to: { path: '/(utils?|helpers?|lib|common|misc|shared)(/|[.])', pathNot: 'node_modules' },
    },
    ...Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
      name: `${folder}-imports`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: '^src/', pathNot: [folder, ...allowed].map((name) => `^src/${name}/`) },
    })),
    {
      name: 'model-takes-types-of-spec',
      severity: 'error',
      from: { path: '^src/model/' },
      to: { path: '^src/spec/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'pages-take-types-of-the-server',
      severity: 'error',
      from: { path: '^src/(pages|components|islands)/' },
      to: { path: '^src/(server|cli|store|authorization-server|apps|spec)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'server-without-cli',
      severity: 'error',
      from: { path: '^src/server/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'cli-without-pages',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: { path: '^src/(pages|components|islands)/' },
    },
    {
      name: 'templates-stand-alone',
      severity: 'error',
      from: { path: '^sdk-templates/' },
      to: { path: '^src/' },
    },
    ...Object.entries(OWNED).map(([library, owner]) => ({
      name: `${library}-belongs-to-${owner}`,
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/${owner}/` },
      to: { path: `^node_modules/${library}/` },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
}
