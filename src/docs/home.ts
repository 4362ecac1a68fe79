import { tokenCredentials } from '../access/credentials.ts'
import type { ApiModel, Operation } from '../model/api.ts'
import { home as say } from '../wording/wording.ts'
import { EVERYTHING, type Lens, type Viewer } from './lens.ts'

/** The home page shows one operation as two apps see it. */
const API = 'people'
const PATH = '/employees/{id}'

const PERSONAS = [
  { id: 'org-chart', name: say.personas.orgChart, scopes: ['employees:read'] },
  { id: 'payroll', name: say.personas.payroll, scopes: ['compensation:read', 'employees:read', 'payroll:read'] },
] as const

export interface Showcase {
  readonly model: ApiModel
  readonly operation: Operation
  readonly viewer: Viewer
  /** The same view, on the API's own pages. */
  readonly lens: Lens
  readonly personas: readonly { readonly name: string; readonly href: string; readonly current: boolean }[]
}

/** Undefined where the portal has no such API, or its scopes are others. */
export function showcase(models: readonly ApiModel[], as: string | null): Showcase | undefined {
  const model = models.find(({ name }) => name === API)
  const operation = model?.operations.find(({ method, path }) => method === 'GET' && path === PATH)
  if (model === undefined || operation === undefined) return undefined
  const declared = new Set(model.scopes.map(({ name }) => name))
  if (!PERSONAS.every(({ scopes }) => scopes.every((scope) => declared.has(scope)))) return undefined
  const [first] = PERSONAS
  const persona = PERSONAS.find(({ id }) => id === as) ?? first
  const viewer: Viewer = {
    lens: EVERYTHING,
    name: persona.name,
    credentials: tokenCredentials(model, persona.scopes),
    scopes: persona.scopes,
  }
  return {
    model,
    operation,
    viewer,
    lens: { as: 'scopes', scopes: persona.scopes },
    personas: PERSONAS.map(({ id, name }) => ({
      name,
      href: id === first.id ? '/#seen' : `/?as=${id}#seen`,
      current: id === persona.id,
    })),
  }
}
