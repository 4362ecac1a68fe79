import { describe, expect, test } from 'vitest'
import { EnvironmentError, readEnvironment } from '../../src/server/environment.ts'

describe('environment', () => {
  test('defaults', () => {
    expect(readEnvironment({})).toMatchObject({
      host: '127.0.0.1',
      port: 4321,
      publicUrl: 'http://localhost:4321',
      dataDir: '.data',
      specsDir: 'specs',
      databaseUrl: undefined,
      production: false,
      demo: true,
    })
  })

  test('an empty variable is an absent one', () => {
    expect(readEnvironment({ PORT: '', PUBLIC_URL: '' }).port).toBe(4321)
  })

  test.each([
    ['PORT', { PORT: 'http' }],
    ['PORT', { PORT: '70000' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'developers.example.com' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://a.example/portal' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://user:secret@a.example' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'http://developers.example.com' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'http://10.0.0.7:4321' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'http://localhost.evil.example' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://root:secret@db' }],
    ['SALLYPORT_DEMO', { SALLYPORT_DEMO: 'yes' }],
    ['SALLYPORT_DEMO', { SALLYPORT_DEMO: 'true', PUBLIC_URL: 'https://a.example' }],
    ['SALLYPORT_DEMO', { SALLYPORT_DEMO: 'true', HOST: '0.0.0.0' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
    ['DCR_ANONYMOUS', { DCR_ANONYMOUS: 'maybe' }],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: '10.0.0.0/8,proxy.example' }],
    ['REFRESH_GRACE', { REFRESH_GRACE: '61' }],
    ['SIGN_IN_CLIENT_ID', { SIGN_IN_ISSUER: 'https://idp.example' }],
    ['SIGN_IN_ISSUER', { SIGN_IN_ISSUER: 'http://idp.example', SIGN_IN_CLIENT_ID: 'x' }],
  ])('a wrong %s is named, in one line, without its secret: %j', (name, source) => {
    expect(() => readEnvironment(source)).toThrow(EnvironmentError)
    expect(() => readEnvironment(source)).toThrow(new RegExp(`^${name}: .+\\.$`))
    expect(() => readEnvironment(source)).not.toThrow(/secret|\n/)
  })

  test.each(['https://a.example', 'http://127.0.0.1:8080', 'http://[::1]:8080', 'http://portal.localhost'])(
    'the portal may be reached at %s',
    (url) => {
      expect(readEnvironment({ PUBLIC_URL: `${url}/` }).publicUrl).toBe(url)
    },
  )

  test.each([[{ PUBLIC_URL: 'https://a.example' }], [{ NODE_ENV: 'production' }], [{ HOST: '0.0.0.0' }]])(
    'one-click sign-in is off with %j',
    (source) => {
      expect(readEnvironment(source).demo).toBe(false)
    },
  )
})
