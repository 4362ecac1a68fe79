import { afterAll, beforeAll, expect } from 'vitest'
import { type AppForm, type Apps, appsOf, type Saved, type Viewer } from '../../src/apps/apps.ts'
import { remoteKeys } from '../../src/server/remote-keys.ts'
import { Running } from '../authorization-server/running.ts'

/** For each file of tests an authorization server of its own, and who registers apps at it: Kim, who is seen at an address. */
export const running = new Running({ remoteKeys: remoteKeys(false) })
export let apps: Apps
export let kim: Viewer
export let other: Viewer
export let administrator: Viewer

/** For the tests of the file that calls it. */
export function prepare(): void {
  beforeAll(async () => {
    await running.start()
    const { store, server: authorization } = running
    apps = appsOf({
      issuer: { url: authorization.issuer },
      store,
      authorization,
      models: () => running.models,
      audience: (api) => running.resource(api),
    })
    kim = {
      id: (await running.person('Kim', 'staff')).id,
      groups: ['staff'],
      administrator: false,
      address: '192.0.2.9',
    }
    other = { id: (await running.person('Other', 'staff')).id, groups: ['staff'], administrator: false }
    administrator = {
      id: (await running.person('Admin', 'administrators')).id,
      groups: ['administrators'],
      administrator: true,
    }
  })
  afterAll(async () => {
    expect(running.faults).toEqual([])
    await running.stop()
  })
}

export const service: AppForm = {
  name: 'Payroll export',
  kind: 'service',
  apis: ['people'],
  scopes: ['employees:read', 'compensation:read'],
  redirectUris: [],
}
export const web: AppForm = {
  ...service,
  name: 'Intranet',
  kind: 'web',
  redirectUris: ['https://app.example/callback'],
}

export async function registered(form: AppForm): Promise<Extract<Saved, { ok: true }>> {
  const saved = await apps.register(form, kim)
  if (!saved.ok) throw new Error(JSON.stringify(saved.errors))
  return saved
}
