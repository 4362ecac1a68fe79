import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

const LOG = new URL('../../src/server/log.ts', import.meta.url).href

test('what could carry a secret is cut out of the log', () => {
  const program = `import { createLog } from '${LOG}'
createLog('info').info({
  client_secret: 'planted', token: 'planted', request: { headers: { authorization: 'planted', cookie: 'planted' } },
  body: { password: 'planted', refresh_token: 'planted' }, path: '/apis',
}, 'said')`
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  expect(JSON.parse(stderr)).toMatchObject({ msg: 'said', path: '/apis', client_secret: '[redacted]' })
  expect(stderr).not.toContain('planted')
})
