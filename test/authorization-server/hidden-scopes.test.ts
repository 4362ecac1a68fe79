import { afterAll, beforeAll, expect, it } from 'vitest'
import { modelOf } from '../sandbox/sandbox.ts'
import { Running } from './running.ts'

const operation = (scope: string, more: object = {}) => ({
  security: [{ oauth: [scope] }],
  responses: { 204: { description: '' } },
  ...more,
})
const scopes = { read: '', write: '', purge: '' }
const api = modelOf({
  components: {
    securitySchemes: { oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/t', scopes } } } },
  },
  paths: {
    '/things': {
      get: operation('read'),
      put: operation('write'),
      delete: operation('purge', { 'x-visibility': { groups: ['hr'] } }),
    },
  },
})

const running = new Running()
running.models = [api]
beforeAll(() => running.start())
afterAll(() => running.stop())

it('whoever guesses the name of a scope that is hidden hears the same as of one that there isn’t', async () => {
  const client = await running.register({
    client_name: 'Guesser',
    sallyport_kind: 'service',
    sallyport_apis: ['api'],
    scope: 'read',
  })
  const answer = async (scope: string) => {
    const body = new URLSearchParams({ grant_type: 'client_credentials', resource: running.resource('api'), scope })
    const authorization = `Basic ${btoa(`${client.client_id}:${client.client_secret}`)}`
    const response = await fetch(new URL('/oauth/token', running.url), {
      method: 'POST',
      headers: { authorization },
      body,
    })
    return { status: response.status, body: (await response.text()).replaceAll(scope, 'SCOPE') }
  }
  expect((await answer('read')).status).toBe(200)
  const hidden = await answer('purge')
  expect(hidden).toEqual(await answer('nonsense'))
  expect(hidden).toMatchObject({ status: 400, body: expect.stringContaining('invalid_scope') })
  expect((await answer('write')).body).toContain('not registered')
})
