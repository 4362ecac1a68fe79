/** An API with hidden operations, and a hidden API. */
export const FILES = {
  'open/openapi.yaml': `openapi: 3.1.0
info: { title: Open things, version: 1.0.0 }
tags: [{ name: Things }, { name: Purging }]
components:
  securitySchemes:
    oauth:
      type: oauth2
      flows: { clientCredentials: { tokenUrl: https://example.com/token, scopes: { things:read: See, things:purge: Purge } } }
  schemas:
    Thing: { type: object, properties: { id: { type: string } } }
    PurgeReport: { type: object, properties: { purged: { $ref: '#/components/schemas/PurgeCount' } } }
    PurgeCount: { type: integer }
paths:
  /things:
    get:
      operationId: listThings
      tags: [Things]
      security: [{ oauth: [things:read] }]
      responses:
        '200':
          description: OK
          content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Thing' } } } }
          links: { next: { operationId: purgeThings } }
    delete:
      operationId: purgeThings
      summary: Purge things
      tags: [Purging]
      x-visibility: { groups: [hr] }
      security: [{ oauth: [things:purge] }]
      responses:
        '200': { description: OK, content: { application/json: { schema: { $ref: '#/components/schemas/PurgeReport' } } } }
  /purges:
    get:
      operationId: listPurges
      tags: [Purging]
      x-visibility: { groups: [hr] }
      security: [{ oauth: [things:purge] }]
      responses: { '200': { description: OK } }
webhooks:
  thingAdded:
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
      responses: { '200': { description: OK } }
`,
  'open/access.yaml':
    'environments: { production: { server: "https://open.example", audience: "https://open.example" } }\n',
  'open/guides/starting.md': '# Starting\n',
  'open/seed.yaml': '/things: [{ id: one }]\n/purges: [{ id: purge-1 }]\n',
  'vault/openapi.yaml': `openapi: 3.1.0
info: { title: Vault keys, version: 1.0.0 }
components: { securitySchemes: { bearer: { type: http, scheme: bearer } } }
paths:
  /keys:
    get:
      operationId: listKeys
      security: [{ bearer: ['keys:read'] }]
      responses: { '200': { description: OK, content: { application/json: { schema: { type: array, items: { type: string } } } } } }
`,
  'vault/access.yaml':
    'visibility: { groups: [hr] }\nscopes: { keys:read: { title: See keys } }\nenvironments: { production: { server: "https://vault.example", audience: "https://vault.example" } }\n',
  'vault/guides/turning.md': '# Turning keys\n',
}

/** What gives the hidden operations away, or the hidden API. */
export const WORDS = /purge|keys:read|listKeys|Vault keys|Turning keys/i

const PERSONA = 'person=&kind=service&verified=false&softwareId=&network=&scope=things:purge&scope=things:read'

/** The administrators' pages. */
export const CONSOLE = [
  '/console',
  '/console/apps',
  '/console/audit',
  '/console/audit.csv',
  '/console/audit.jsonl',
  '/console/people',
  '/console/policies',
  '/console/proposals/vault',
]

/** Where the open API is shown, in any form. */
export const OPEN = [
  '/',
  '/apis',
  '/apis/open',
  '/apis/open?as=anyone',
  '/apis/open/operations/listThings',
  '/apis/open/schemas/Thing',
  '/apis/open/sdks',
  '/apis/open/guides/starting',
  '/apis/open/guides/starting.md',
  '/apis/open/schemas/Thing.md',
  '/apis/open/openapi.json',
  '/apis/open/openapi.yaml',
  '/apis/open/model.json',
  `/apis/open/persona.json?${PERSONA}`,
  '/apis/open/sdks/typescript.tgz',
  '/index.md',
  '/apis.md',
  '/apis/open/sdks.md',
  '/apis/open/webhooks/thingAdded',
  '/apis/open/webhooks/thingAdded.md',
  '/llms.txt',
  '/sitemap.xml',
  '/apis/open.md',
  '/apis/open/operations/listThings.md',
  '/apis/open/scopes',
  '/apis/open/scopes.md',
  '/apis/open/scopes.csv',
  '/apis/open/llms-full.txt',
  '/apis/open/sitemap.xml',
  '/search?q=things',
  '/npm/@sallyport/open',
  '/.well-known/oauth-authorization-server/oauth',
  '/oauth/.well-known/openid-configuration',
  '/.well-known/oauth-protected-resource/sandbox/open',
]

/** Where there is nothing for those who may not see it: exactly as if it had never been. */
export const CLOSED = [
  ['/apis/open/operations/purgeThings', '/apis/open/operations/nosuchop'],
  ['/apis/open/schemas/PurgeReport', '/apis/open/schemas/NoSuch'],
  ['/apis/open/operations/purgeThings.md', '/apis/open/operations/nosuchop.md'],
  ['/apis/open/schemas/PurgeReport.md', '/apis/open/schemas/NoSuch.md'],
  ...[
    '/apis/vault',
    '/apis/vault/operations/listKeys',
    '/apis/vault/guides/turning',
    '/apis/vault/sdks',
    '/apis/vault.md',
    '/apis/vault/operations/listKeys.md',
    '/apis/vault/guides/turning.md',
    '/apis/vault/scopes',
    '/apis/vault/scopes.csv',
    '/apis/vault/scopes.md',
    '/apis/vault/sdks.md',
    '/apis/vault/llms-full.txt',
    '/apis/vault/sitemap.xml',
    '/apis/vault/openapi.json',
    '/apis/vault/openapi.yaml',
    '/apis/vault/model.json',
    `/apis/vault/persona.json?${PERSONA}`,
    '/apis/vault/sdks/typescript.tgz',
    '/apis/vault/sdks/typescript.tgz?client_id=CLIENT',
    '/npm/@sallyport/vault',
    '/sandbox/vault/keys',
    '/sandbox/vault/-/calls',
    '/.well-known/oauth-protected-resource/sandbox/vault',
  ].map((path) => [path, path.replace('vault', 'nosuch')]),
] as const
