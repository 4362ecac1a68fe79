import { expect, test } from 'vitest'
import { reachOf } from '../../../src/components/apps/reach.ts'
import { type LensApp, viewer } from '../../../src/docs/lens.ts'
import { buildModel } from '../../../src/model/build.ts'
import { plain } from '../../../src/wording/inline.ts'

const pay = { type: 'string', 'x-required-scopes': ['pay'] }
const schema = { properties: { salary: pay, bonus: pay, file: { type: 'string', 'x-required-scopes': ['file'] } } }
const responses = { 200: { description: '', content: { 'application/json': { schema } } } }
const flows = {
  clientCredentials: { tokenUrl: 'https://x.example', scopes: { see: '', pay: '', file: '', write: '' } },
}
const model = buildModel({
  ...{ name: 'api', sourceVersion: '3.1.0', hash: '', access: {} },
  document: {
    openapi: '3.1.0',
    info: { title: 'API', version: '1' },
    components: { securitySchemes: { oauth: { type: 'oauth2', flows } } },
    paths: {
      '/a': {
        get: { operationId: 'see', security: [{ oauth: ['see'] }], responses },
        put: { operationId: 'write', security: [{ oauth: ['write'] }], responses },
        post: { operationId: 'unstated', responses: { 204: { description: '' } } },
      },
    },
  },
})

test('what an app may call is what the policies let it, with the reason for each field that stays hidden', () => {
  // biome-ignore lint/suspicious/noThenProperty: `then` is the file format's word; a rule is never awaited.
  const rule = (...scopes: string[]) => ({ name: scopes.join(' '), when: { scopes }, then: {} })
  const app: LensApp = {
    ...{ id: 'a', name: 'A', kind: 'service', verified: false, apis: ['api'], scopes: ['see', 'file', 'write'] },
    policies: new Map([['api', [{ name: 'P', mode: 'all-or-nothing', rules: [rule('see', 'pay'), rule('file')] }]]]),
  }
  const { can, cannot } = reachOf(model, viewer({ as: 'app', app: 'a' }, model, [app]))
  expect(can.map(({ id }) => id)).toEqual(['see', 'unstated'])
  expect(cannot.map(({ id, verdict }) => [id, verdict.short])).toEqual([['write', 'denied: no rule']])
  expect(can[0]?.hidden.map(({ names, gate, why }) => [names, gate, plain(why)])).toEqual([
    [['bonus', 'salary'], 'scope', 'needs pay'],
    [['file'], 'shut', 'no rule grants see and file together here'],
  ])
})
