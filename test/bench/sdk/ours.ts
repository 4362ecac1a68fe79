import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buildSdk } from '../../../src/sdk/package/build.ts'
import { planSdk } from '../../../src/sdk/plan/build.ts'
import { compile } from '../../../src/server/compile.ts'
import { singleFile } from '../../../src/spec/folder.ts'
import type { Measurement, Place } from '../bench.ts'
import { runMeasured } from '../process.ts'
import { documentFile, reads } from './document.ts'
import { bundleSize, checkTypes, overhead } from './measure.ts'

const NAME = '@bench/github'
const CONNECTION = { baseUrl: 'https://api.example', tokenEndpoint: 'https://api.example/token' }

/** The package as it is installed; programs call it by its class, and by functions where the bundle counts. */
export async function prepareOurs({ root, peers, scratch }: Place): Promise<() => Promise<Measurement>> {
  const cwd = join(scratch, 'ours')
  await mkdir(join(cwd, 'node_modules'), { recursive: true })
  await symlink(join(root, 'node_modules/oauth4webapi'), join(cwd, 'node_modules/oauth4webapi'))
  const document = documentFile(peers)
  const compilation = await compile({ ...singleFile(document), name: 'github' }, 'bench')
  if (!compilation.ok) throw new Error('The document does not compile.')
  const { model } = compilation.compiled
  const { files } = await buildSdk({ model, packageName: NAME, connection: CONNECTION })
  for (const [path, text] of files) {
    const file = join(cwd, 'node_modules', NAME, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
  const wanted = await reads(peers)
  const methods = planSdk(model).resources.flatMap(({ path, operations }) =>
    operations.map((operation) => ({ module: path.join('/'), chain: [...path, operation.name].join('.'), operation })),
  )
  const find = (path: string) => methods.find(({ operation }) => operation.method === 'GET' && operation.path === path)
  const calls = wanted.map(({ path, parameters }) => {
    const found = find(path)
    if (found === undefined) throw new Error(`There is no method for ${path}.`)
    return `await github.${found.chain}(${parameters.map(({ value }) => JSON.stringify(value)).join(', ')})`
  })
  const program = `import { Github } from '${NAME}'\nconst github = new Github({ token: 'x' })\n${calls.join('\n')}\nexport {}\n`
  await writeFile(join(cwd, 'program.ts'), program)
  const one = find('/repos/{owner}/{repo}')
  const single = (options: string, imports = ''): string => `import { GithubClient } from '${NAME}/client'
import { ${one?.operation.id} as get } from '${NAME}/${one?.module}'
${imports}
const client = new GithubClient({ ${options} })
export const call = () => get(client, 'o', 'r')`
  const credentials = `import { clientCredentials } from '${NAME}/auth'`
  const withToken = single("auth: clientCredentials({ clientId: 'id', clientSecret: 'secret' })", credentials)
  return async () => {
    const cli = join(root, 'src/cli/bin.mjs')
    const { ms, cpu, mb } = await runMeasured([cli, 'sdk', document, '--out', join(cwd, 'out')], cwd)
    return {
      generate: ms,
      cpu,
      memory: mb,
      check: await checkTypes('program.ts', peers, cwd),
      bundle: await bundleSize(single(''), cwd),
      'bundle-auth': await bundleSize(withToken, cwd),
      overhead: await overhead(withToken, cwd),
    }
  }
}
