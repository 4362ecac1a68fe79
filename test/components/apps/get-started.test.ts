import { describe, expect, test } from 'vitest'
import { getStarted } from '../../../src/components/apps/get-started.ts'
import { buildModel } from '../../../src/model/build.ts'

const flows = {
  clientCredentials: { tokenUrl: 'https://example.com/token', scopes: { read: 'Reads', write: 'Writes' } },
}
const json = { description: 'OK', content: { 'application/json': { schema: { type: 'object' } } } }
const document = {
  openapi: '3.1.0',
  info: { title: 'People', version: '1' },
  paths: {
    '/employees/{id}': { get: { responses: { 200: json } } },
    '/employees': { get: { security: [{ oauth: ['read'] }], responses: { 200: json } } },
  },
  security: [{ oauth: ['write'] }],
  components: { securitySchemes: { oauth: { type: 'oauth2', flows } } },
}
const model = buildModel({ name: 'people', document, sourceVersion: '3.1.0', hash: '', access: {} })
const portal = { model, npmScope: 'sallyport', publicUrl: 'https://portal.example' }
const app = { id: '0a1b', scopes: ['read', 'elsewhere'], redirectUris: ['https://app.example/cb'] }
const steps = (kind: 'service' | 'web' | 'single-page' | 'native', secret?: string) =>
  getStarted({ ...portal, app: { ...app, kind }, secret })

test('the package is the one made for the app', () => {
  expect(steps('service').install).toBe(
    'npm i -E @sallyport/people@app-0a1b --@sallyport:registry=https://portal.example/npm/',
  )
})

test('a service calls a list that its scopes open, with what .env says', () => {
  const { environment, program, signIn } = steps('service', 's3cret')
  expect(environment).toBe('SALLYPORT_CLIENT_ID=0a1b\nSALLYPORT_CLIENT_SECRET=s3cret')
  expect(program).toContain("import { People } from '@sallyport/people'")
  expect(program).toContain("process.env['SALLYPORT_CLIENT_SECRET']")
  expect(program).toContain('people.employees.list()')
  expect(signIn).toBeUndefined()
})

test('without the secret its place is empty', () => {
  expect(steps('service').environment).toMatch(/SALLYPORT_CLIENT_SECRET=$/)
})

describe('an app that acts for people', () => {
  test.each(['web', 'single-page', 'native'] as const)('%s signs them in by code and PKCE', (kind) => {
    const { program, signIn } = steps(kind)
    expect(program).toBeUndefined()
    expect(signIn?.begin).toContain("code_challenge_method: 'S256'")
    expect(signIn?.begin).toContain("scope: 'read'")
    expect(signIn?.begin).toContain("redirect_uri: 'https://app.example/cb'")
    expect(signIn?.finish).toContain("query.get('iss') === 'https://portal.example/oauth'")
    expect(signIn?.finish).toContain("resource: 'https://portal.example/sandbox/people'")
  })

  test('only one on a server has a secret', () => {
    expect(steps('web', 's').environment).toContain('SALLYPORT_CLIENT_SECRET=s')
    expect(steps('web').signIn?.finish).toContain('Basic')
    expect(steps('native').environment).toBeUndefined()
    expect(steps('native').signIn?.finish).not.toContain('clientSecret')
  })
})

test('a redirect URI stays a string', () => {
  const hostile = { ...app, kind: 'native', redirectUris: ["com.example:/'+alert(1)+'"] } as const
  expect(getStarted({ ...portal, app: hostile }).signIn?.begin).toContain(
    "redirect_uri: 'com.example:/\\'+alert(1)+\\''",
  )
})
