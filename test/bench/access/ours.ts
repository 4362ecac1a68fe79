import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { callable } from '../../../src/access/callable.ts'
import { tokenCredentials } from '../../../src/access/credentials.ts'
import { decide } from '../../../src/access/decide.ts'
import { minimalScopes } from '../../../src/access/minimal-scopes.ts'
import { redact } from '../../../src/access/redact.ts'
import type { ApiModel } from '../../../src/model/api.ts'
import { type Compiled, compile } from '../../../src/server/compile.ts'
import { readFolder, type SpecFolder } from '../../../src/spec/folder.ts'
import type { Measurement, Place } from '../bench.ts'
import { scopesOverlay } from './overlay.ts'

const EMPLOYEES = 1_000
/** Seconds that each figure is measured for, after as long to get warm. */
const DURATION = 0.5

export async function prepareAccess({ root, peers, scratch }: Place): Promise<() => Promise<Measurement>> {
  const github = await githubWithScopes(
    join(peers, 'node_modules/@octokit/openapi/generated/api.github.com.json'),
    scratch,
  )
  const people = await compiled(await readFolder(join(root, 'specs/people')))
  return async () => ({ ...decisions(github), redact: redaction(people) })
}

async function githubWithScopes(document: string, scratch: string): Promise<ApiModel> {
  const overlay = join(scratch, 'overlay.yaml')
  await writeFile(overlay, JSON.stringify(scopesOverlay(JSON.parse(await readFile(document, 'utf8')))))
  await writeFile(join(scratch, 'openapi.json'), await readFile(document))
  const { model } = await compiled(await readFolder(scratch))
  return model
}

async function compiled(folder: SpecFolder): Promise<Compiled> {
  const compilation = await compile(folder, 'bench')
  if (!compilation.ok) throw new Error(compilation.problems.map(({ message }) => message).join('\n'))
  return compilation.compiled
}

function decisions(model: ApiModel): Measurement {
  const names = model.scopes.map(({ name }) => name)
  const tokens = [1, 12, 60].map((count) =>
    tokenCredentials(
      model,
      names.filter((_, index) => index % Math.floor(names.length / count) === 0),
    ),
  )
  // Each pass with credentials of its own, as a server has them for each token.
  const pass = () => tokens.map((token) => ({ held: token.held }))
  const decided = seconds(() => {
    for (const credentials of pass()) for (const operation of model.operations) decide(operation, credentials)
  })
  const listed = seconds(() => {
    for (const credentials of pass()) callable(model, credentials)
  })
  const { exact } = minimalScopes(model.operations)
  if (!exact) throw new Error('The smallest set of scopes was not found.')
  return {
    decide: (decided / tokens.length / model.operations.length) * 1e6,
    callable: (listed / tokens.length) * 1e3,
    minimal: seconds(() => minimalScopes(model.operations)) * 1e3,
  }
}

function redaction({ model, seed }: Compiled): number {
  const list = model.operations.find(({ method, path }) => method === 'GET' && path === '/employees')
  const schema = list?.responses.find(({ status }) => status === '200')?.content[0]?.schema
  const employees = seed['/employees'] ?? []
  const data = Array.from({ length: EMPLOYEES }, (_, index) => ({
    ...employees[index % employees.length],
    id: `emp_${index}`,
  }))
  const text = JSON.stringify({ data, nextCursor: null })
  const body: unknown = JSON.parse(text)
  const held = new Set(['employees:read'])
  const { withheld } = redact(body, schema, model.schemas, held)
  if (withheld.length < EMPLOYEES) throw new Error(`Only ${withheld.length} fields were withheld.`)
  return Buffer.byteLength(text) / 1e6 / seconds(() => redact(body, schema, model.schemas, held))
}

/** What one call takes, on average, once it is warm. */
function seconds(call: () => void): number {
  const during = (): number => {
    const began = performance.now()
    let calls = 0
    do {
      call()
      calls++
    } while (performance.now() - began < DURATION * 1e3)
    return (performance.now() - began) / 1e3 / calls
  }
  during()
  return during()
}
