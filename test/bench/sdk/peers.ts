import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Measurement, Place } from '../bench.ts'
import { runMeasured } from '../process.ts'
import { documentFile, type Read, reads } from './document.ts'
import { bundleSize, checkTypes, overhead } from './measure.ts'

type Round = () => Promise<Measurement>

interface Peer {
  readonly folder: string
  /** Of the command line, below the peers' `node_modules`, and its arguments; it writes to `out`. */
  readonly command: (document: string) => readonly string[]
  /** What a program begins with. */
  readonly setup: string
  readonly call: (read: Read) => string
}

const ONE: Read = {
  operationId: 'repos/get',
  path: '/repos/{owner}/{repo}',
  parameters: [
    { name: 'owner', value: 'o' },
    { name: 'repo', value: 'r' },
  ],
}

export function prepareHeyApi(place: Place): Promise<Round> {
  return prepare(place, {
    folder: 'hey-api',
    command: (document) => [
      '@hey-api/openapi-ts/bin/run.js',
      '-i',
      document,
      '-o',
      'out',
      '-c',
      '@hey-api/client-fetch',
    ],
    setup: `import { NAMES } from './out/sdk.gen'
import { client } from './out/client.gen'
client.setConfig({ baseUrl: 'https://api.example' })`,
    call: ({ operationId, parameters }) =>
      `${camel(operationId)}(${parameters.length === 0 ? '' : `{ path: ${object(parameters)} }`})`,
  })
}

export function prepareOpenapiTypescript(place: Place): Promise<Round> {
  return prepare(place, {
    folder: 'openapi-typescript',
    command: (document) => ['openapi-typescript/bin/cli.js', document, '-o', 'out/schema.ts'],
    setup: `import createClient from 'openapi-fetch'
import type { paths } from './out/schema'
const client = createClient<paths>({ baseUrl: 'https://api.example' })`,
    call: ({ path, parameters }) =>
      `client.GET(${JSON.stringify(path)}${parameters.length === 0 ? '' : `, { params: { path: ${object(parameters)} } }`})`,
  })
}

export function prepareSwaggerTypescriptApi(place: Place): Promise<Round> {
  return prepare(place, {
    folder: 'swagger-typescript-api',
    command: (document) => [
      'swagger-typescript-api/dist/cli.mjs',
      'generate',
      '-p',
      document,
      '-o',
      'out',
      '-n',
      'api.ts',
    ],
    setup: `import { Api } from './out/api'
const api = new Api({ baseUrl: 'https://api.example' })`,
    call: ({ operationId, path, parameters }) =>
      `api.${camel(path.split('/')[1] ?? '')}.${camel(operationId)}(${list(parameters)})`,
  })
}

export function prepareOrval(place: Place): Promise<Round> {
  return prepare(place, {
    folder: 'orval',
    command: (document) => [
      'orval/dist/bin/orval.mjs',
      '--input',
      document,
      '--output',
      'out/api.ts',
      '--client',
      'fetch',
    ],
    setup: "import { NAMES } from './out/api'",
    call: ({ operationId, parameters }) => `${camel(operationId)}(${list(parameters)})`,
  })
}

async function prepare({ peers, scratch }: Place, { folder, command, setup, call }: Peer): Promise<Round> {
  const cwd = join(scratch, folder)
  await mkdir(cwd, { recursive: true })
  await symlink(join(peers, 'node_modules'), join(cwd, 'node_modules'))
  const [bin = '', ...args] = command(documentFile(peers))
  const program = (calls: readonly Read[], use: (calls: string[]) => string): string => {
    const names = calls.map(({ operationId }) => camel(operationId)).join(', ')
    return `${setup.replace('NAMES', names)}\n${use(calls.map(call))}\n`
  }
  const wanted = await reads(peers)
  await writeFile(
    join(cwd, 'program.ts'),
    program(wanted, (calls) => calls.map((each) => `await ${each}`).join('\n')),
  )
  const single = program([ONE], ([one]) => `export const call = () => ${one}`)
  return async () => {
    const { ms, cpu, mb } = await runMeasured([join(peers, 'node_modules', bin), ...args], cwd)
    return {
      generate: ms,
      cpu,
      memory: mb,
      ...(await attempted('check', () => checkTypes('program.ts', peers, cwd))),
      ...(await attempted('bundle', () => bundleSize(single, cwd))),
      ...(await attempted('overhead', () => overhead(single, cwd))),
    }
  }
}

/** A value, or why a peer has none. */
async function attempted(metric: string, measure: () => Promise<number>): Promise<Measurement> {
  try {
    return { [metric]: await measure() }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { [metric]: message.replace(/\s+/g, ' ').slice(0, 300) }
  }
}

/** `repos/get-content` → `reposGetContent`. */
function camel(name: string): string {
  return name.replace(/[^A-Za-z0-9]+(.)/g, (_, letter: string) => letter.toUpperCase())
}

function object(parameters: Read['parameters']): string {
  return `{ ${parameters.map(({ name, value }) => `${name}: ${JSON.stringify(value)}`).join(', ')} }`
}

function list(parameters: Read['parameters']): string {
  return parameters.map(({ value }) => JSON.stringify(value)).join(', ')
}
