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

describe('an app that acts for people signs them in with its SDK', () => {
  const codes = (kind: 'web' | 'single-page' | 'native' | 'device', redirectUri = 'https://app.example/cb'): string[] =>
    (getStarted({ ...portal, app: { ...app, kind, redirectUris: [redirectUri] } }).signIn ?? []).map(({ code }) => code)

  test('on a page', () => {
    expect(codes('single-page')).toEqual([
      `import { People } from '@sallyport/people'
import { authorizationCode, signIn } from '@sallyport/people/auth'

const people = new People({
  auth: authorizationCode({ clientId: '0a1b', redirectUri: 'https://app.example/cb' }),
})
// Leaves for the sign-in, or finishes the one that the person comes back from.
await signIn(people)
console.log(await people.employees.list())`,
    ])
  })

  test('on a server, in two steps, with its secret from the environment', () => {
    const [start, finish] = codes('web')
    expect(start).toContain("const clientSecret = process.env['SALLYPORT_CLIENT_SECRET']")
    expect(start).toContain('const { url, pending } = await startSignIn(app, redirectUri)')
    expect(finish).toContain('const token = await finishSignIn(app, request.url, pending)')
    expect(finish).toContain('new People({ clientId, clientSecret, token })')
    expect(steps('web', 's').environment).toContain('SALLYPORT_CLIENT_SECRET=s')
  })

  test('on the person’s own machine, by loopback; without a secret where the app has another redirect URI', () => {
    expect(codes('native', 'http://127.0.0.1/callback')[0]).toContain("redirectUri: 'http://127.0.0.1/callback'")
    const other = codes('native', 'com.example.app:/cb').join('\n')
    expect(other).toContain('startSignIn')
    expect(other).not.toContain('clientSecret')
    expect(steps('native').environment).toBeUndefined()
  })

  test('on another device', () => {
    expect(codes('device')).toEqual([expect.stringContaining('deviceCode({')])
  })

  test('a redirect URI stays a string', () => {
    expect(codes('native', "com.example:/'+alert(1)+'")[0]).toContain("'com.example:/\\'+alert(1)+\\''")
  })
})
