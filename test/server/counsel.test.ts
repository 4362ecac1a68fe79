import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApiModel } from '../../src/model/api.ts'
import { createSandbox, type Sandbox } from '../../src/sandbox/engine.ts'
import { counselBy } from '../../src/server/counsel.ts'
import { policySchema } from '../../src/spec/access-file.ts'
import { Running } from '../authorization-server/running.ts'
import { type Answered, modelOf } from '../sandbox/sandbox.ts'

const operation = (operationId: string, ...alternatives: string[][]) => ({
  get: {
    operationId,
    security: alternatives.map((scopes) => ({ oauth: scopes })),
    responses: { 204: { description: '' } },
  },
})
const scopes = { read: '', write: '', review: '', secret: '' }
const api: ApiModel = {
  ...modelOf({
    components: {
      securitySchemes: { oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/t', scopes } } } },
    },
    paths: {
      '/write': operation('write', ['read', 'write']),
      '/either': operation('either', ['secret'], ['review']),
      '/secret': operation('secret', ['secret']),
    },
  }),
  name: 'desk',
  policies: [
    policySchema.parse({
      name: 'Desk',
      mode: 'partial',
      rules: [
        { name: 'Editors', when: { users: { groups: ['editors'] }, scopes: ['read', 'write', 'review'] } },
        { name: 'From home', when: { networks: ['10.0.0.0/8'], scopes: ['secret'] } },
        { name: 'Everyone reads', when: { scopes: ['read'] } },
      ],
    }),
  ],
}
/** Nothing is said of who may be granted what: the default stands in, for the sandbox. */
const silent: ApiModel = { ...api, name: 'silent', policies: [] }

describe('who is denied is told what the policies say', () => {
  const running = new Running()
  running.models = [api, silent]
  let app = ''
  beforeAll(async () => {
    await running.start()
    const { client_id } = await running.register({
      client_name: 'Desk',
      sallyport_kind: 'web',
      sallyport_apis: ['desk', 'silent'],
      redirect_uris: ['https://app.example/callback'],
    })
    app = client_id
  })
  afterAll(() => running.stop())

  function sandbox(model: ApiModel, audience = running.resource(model.name), sub?: string): Sandbox {
    return createSandbox({
      model,
      basePath: '',
      audience,
      counsel: counselBy({ publicUrl: running.publicUrl, store: running.store })(model, audience),
      verify: async (token) => ({
        ok: true,
        token: { clientId: app, scopes: token.split('~'), expiresAt: 9e9, ...(sub === undefined ? {} : { sub }) },
      }),
    })
  }

  async function denied(of: Sandbox, path: string, token = 'read', address?: string): Promise<Answered> {
    const { status, body } = await of.handle({
      method: 'GET',
      path,
      query: '',
      header: (name) => (name === 'authorization' ? `Bearer ${token}` : undefined),
      ...(address === undefined ? {} : { address: () => address }),
      body: async () => new Uint8Array(),
    })
    expect(status).toBe(403)
    return JSON.parse(String(body)) as Answered
  }
  const policyOf = ({ trace }: Answered) => trace.find(({ check }) => check === 'policy')

  it('of a person who isn’t in the group: which group, policy and rule', async () => {
    const { id } = await running.person('Dev', 'staff')
    const answer = await denied(sandbox(api, undefined, id), '/write')
    expect(policyOf(answer)).toMatchObject({
      state: 'shut',
      decides: true,
      evidence: 'Needs the group `editors` (policy “Desk”, rule “Editors”).',
    })
    expect(answer.link).toBe(`${running.publicUrl}/apps/${app}/request?api=desk&scope=write`)
  })

  it('of a person who is: the rule that would grant it', async () => {
    const { id } = await running.person('Kim', 'editors')
    const answer = await denied(sandbox(api, undefined, id), '/write')
    expect(policyOf(answer)).toMatchObject({ state: 'open', decides: false, evidence: 'Desk › Editors: grants write' })
  })

  it('of several ways out, the one that the policies grant, with its link', async () => {
    const { id } = await running.person('Kim', 'editors')
    const answer = await denied(sandbox(api, undefined, id), '/either')
    expect(policyOf(answer)?.evidence).toBe('Desk › Editors: grants review')
    expect(answer.link).toMatch(/scope=review$/)
  })

  it('of where the call comes from', async () => {
    const from = (address: string) => denied(sandbox(api), '/secret', 'read', address)
    expect(policyOf(await from('192.0.2.1'))?.evidence).toBe(
      'Needs the network `10.0.0.0/8` (policy “Desk”, rule “From home”).',
    )
    expect(policyOf(await from('10.1.2.3'))?.evidence).toBe('Desk › From home: grants secret')
  })

  it('by the default where an API has none, which counts in the sandbox alone', async () => {
    expect(policyOf(await denied(sandbox(silent), '/secret'))?.evidence).toMatch(/› Any app: grants secret$/)
    expect(policyOf(await denied(sandbox(silent, 'https://api.example'), '/secret'))?.evidence).toBe(
      'No policy of this API has a rule: nothing is granted.',
    )
  })

  it('of an app that is gone: nothing but where to go on', async () => {
    const gone = createSandbox({
      model: api,
      basePath: '',
      counsel: counselBy({ publicUrl: running.publicUrl, store: running.store })(api, running.resource('desk')),
      verify: async () => ({ ok: true, token: { clientId: 'gone', scopes: [], expiresAt: 9e9 } }),
    })
    const answer = await denied(gone, '/write')
    expect(policyOf(answer)?.evaluated).toBe(false)
    expect(answer.link).toMatch(/scope=read&scope=write$|scope=read\+write$|scope=read%20write$/)
  })
})
