import { describe, expect, test } from 'vitest'
import { accessFindings } from '../../src/access/findings.ts'
import { compileFiles } from '../fixture.ts'

const oauth = {
  type: 'oauth2',
  flows: { clientCredentials: { tokenUrl: 'https://login.example.com/token', scopes: { a: 'A', b: 'B' } } },
}
const ok = { responses: { 200: { description: 'ok' } } }
const used = { '/used': { get: { ...ok, security: [{ oauth: ['a', 'b'] }] } } }

async function findingsOf(document: object, access = '') {
  const whole = {
    openapi: '3.1.0',
    info: { title: 'API', version: '1.0.0' },
    ...document,
    components: {
      securitySchemes: { oauth, key: { type: 'apiKey', in: 'header', name: 'X-Key' } },
      ...component(document),
    },
  }
  const compilation = await compileFiles({
    'openapi.json': JSON.stringify(whole, null, 2),
    ...(access && { 'access.yaml': access }),
  })
  if (!compilation.ok) throw new Error(compilation.problems.map(({ message }) => message).join('\n'))
  const { model, document: bundled } = compilation.compiled
  return accessFindings(model, bundled).map(({ code, pointer }) => `${code} ${pointer}`)
}

function component(document: object): object {
  return 'components' in document && typeof document.components === 'object' ? (document.components ?? {}) : {}
}

const withSecurity = (security: unknown, more: object = {}) => ({
  paths: { ...used, '/x': { get: { ...ok, ...more, security } } },
})

test.each<[string, object, string, string[]]>([
  ['nothing wrong', { paths: used }, '', []],
  [
    'an operation that says nothing',
    { paths: { ...used, '/x': { get: ok } } },
    '',
    ['operation-without-requirement /paths/~1x/get'],
  ],
  [
    'a document that says nothing: once',
    { paths: { '/x': { get: ok, post: ok } } },
    '',
    ['document-without-requirements '],
  ],
  ['anyone, said', withSecurity([]), '', []],
  ['inherited from the root', { security: [{ oauth: ['a', 'b'] }], paths: { '/x': { get: ok } } }, '', []],
  [
    'a scope that is declared nowhere: once',
    {
      paths: {
        ...used,
        '/x': { get: { ...ok, security: [{ oauth: ['a', 'c'] }] }, put: { ...ok, security: [{ oauth: ['c'] }] } },
      },
    },
    '',
    ['scope-undeclared /paths/~1x/get/security/0/oauth/1'],
  ],
  ['a scope that access.yaml declares', withSecurity([{ oauth: ['c'] }]), 'scopes: { c: {} }', []],
  [
    'scopes that nothing needs, in the document and in access.yaml',
    { paths: { '/x': { get: { ...ok, security: [{ oauth: ['a'] }] } } } },
    'scopes: { d: {} }',
    ['scope-unused /components/securitySchemes/oauth/flows/clientCredentials/scopes/b', 'scope-unused /scopes/d'],
  ],
  [
    'a scheme that the document does not define, with scopes and without',
    withSecurity([{ other: ['a'] }, { another: [] }]),
    '',
    ['scheme-undefined /paths/~1x/get/security/0/other', 'scheme-undefined /paths/~1x/get/security/1/another'],
  ],
  [
    'an alternative that another makes redundant',
    withSecurity([{ oauth: ['a', 'b'] }, { oauth: ['a'] }, { oauth: ['a'], key: [] }, { oauth: ['a'] }]),
    '',
    [
      'alternative-redundant /paths/~1x/get/security/0',
      'alternative-redundant /paths/~1x/get/security/2',
      'alternative-redundant /paths/~1x/get/security/3',
    ],
  ],
  ['optional security is no redundancy', withSecurity([{ oauth: ['a'] }, {}]), '', []],
  [
    'extensions that cannot be understood',
    withSecurity([{ oauth: ['a'] }], { 'x-scope-match': 'some', 'x-visibility': 'internal' }),
    '',
    ['scope-match-unclear /paths/~1x/get/x-scope-match', 'visibility-unclear /paths/~1x/get/x-visibility'],
  ],
  [
    'a policy that names an unknown scope',
    { paths: used },
    'policies: [{ name: P, rules: [{ name: one, when: { scopes: [a] } }, { name: two, when: { scopes: [a, c] } }] }]',
    ['policy-scope-unknown /policies/0/rules/1/when/scopes/1'],
  ],
])('%s', async (_, document, access, expected) => {
  expect(await findingsOf(document, access)).toEqual(expected)
})

describe('fields', () => {
  const body = (schema: object, security: unknown = [{ oauth: ['a'] }]) => ({
    paths: {
      ...used,
      '/x': { post: { ...ok, security, requestBody: { content: { 'application/json': { schema } } } } },
    },
  })
  const gated = (...scopes: string[]) => ({ type: 'string', 'x-required-scopes': scopes })
  const at = '/paths/~1x/post/requestBody/content/application~1json/schema'

  test.each<[string, object, string[]]>([
    ['a gate by a scope that exists', body({ properties: { f: gated('b') } }), []],
    [
      'a gate by a scope that no one can hold',
      body({ properties: { f: gated('c') } }),
      [`gate-scope-unknown ${at}/properties/f/x-required-scopes`],
    ],
    [
      'a gate on what a request must carry',
      body({ properties: { f: gated('b') }, required: ['f'] }),
      [`gate-on-required ${at}/properties/f/x-required-scopes`],
    ],
    [
      'required in one part, gated in another',
      body({ allOf: [{ properties: { f: gated('b') } }, {}], required: ['f'] }),
      [`gate-on-required ${at}/allOf/0/properties/f/x-required-scopes`],
    ],
    [
      'behind a reference',
      {
        ...body({ properties: { f: { $ref: '#/components/schemas/F' } }, required: ['f'] }),
        components: { schemas: { F: gated('b') } },
      },
      ['gate-on-required /components/schemas/F/x-required-scopes'],
    ],
    [
      'read only: a request does not carry it',
      body({ properties: { f: { ...gated('b'), readOnly: true } }, required: ['f'] }),
      [],
    ],
    ['optional', body({ properties: { f: gated('b'), g: {} }, required: ['g'] }), []],
    [
      'the operation needs the scope, too',
      body({ properties: { f: gated('b') }, required: ['f'] }, [{ oauth: ['b'] }]),
      [],
    ],
    [
      'one of its alternatives does not',
      body({ properties: { f: gated('b') }, required: ['f'] }, [{ oauth: ['b'] }, { key: [] }]),
      [`gate-on-required ${at}/properties/f/x-required-scopes`],
    ],
  ])('%s', async (_, document, expected) => {
    expect(await findingsOf(document)).toEqual(expected)
  })
})

test('check tells where it stands in the file that someone wrote, through an overlay', async () => {
  const compilation = await compileFiles({
    'openapi.yaml': [
      'openapi: 3.1.0',
      'info: { title: API, version: 1.0.0 }',
      'paths:',
      '  /x:',
      '    get:',
      '      responses: { 200: { description: ok } }',
      'components:',
      '  securitySchemes:',
      '    oauth: { type: oauth2, flows: { clientCredentials: { tokenUrl: https://a.example/t, scopes: { a: A } } } }',
    ].join('\n'),
    'overlay.yaml': [
      'overlay: 1.0.0',
      'info: { title: Scopes, version: 1.0.0 }',
      'actions:',
      "  - target: $.paths['/x'].get",
      '    update:',
      '      security:',
      '        - oauth: [a, nowhere]',
    ].join('\n'),
    'access.yaml': ['scopes:', '  a: { title: A }', '  idle: { title: Idle }'].join('\n'),
  })
  const problems = compilation.ok ? compilation.compiled.problems : []
  expect(
    problems.map(({ code, severity, file, line, column, hint }) => ({
      code,
      severity,
      place: `${file.split('/').at(-1)}:${line}:${column}`,
      hinted: hint !== undefined,
    })),
  ).toEqual([
    { code: 'scope-undeclared', severity: 'warning', place: 'overlay.yaml:7:22', hinted: true },
    { code: 'scope-unused', severity: 'warning', place: 'access.yaml:3:3', hinted: true },
  ])
})
