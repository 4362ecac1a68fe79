import type { Module } from './modules.ts'

interface Import {
  readonly name: string
  readonly from: string
  readonly value?: true
}

function values(from: string, names: string): Import[] {
  return names.split(/\s+/).map((name) => ({ name, from, value: true }))
}

function types(from: string, names: string): Import[] {
  return names.split(/\s+/).map((name) => ({ name, from }))
}

/** All that generated modules may name, under a `$`. */
const IMPORTS: readonly Import[] = [
  ...values('runtime/binary.ts', 'download'),
  ...values('runtime/body.ts', 'encodeBinary encodeForm encodeJson encodeMultipart encodeText'),
  ...values('runtime/call.ts', 'call'),
  ...values('runtime/dates.ts', 'revive'),
  ...values('runtime/events.ts', 'events'),
  ...values('runtime/json-lines.ts', 'jsonLines'),
  ...values('runtime/page.ts', 'page'),
  ...values('runtime/pagination.ts', 'nextByCursor nextByLink nextByOffset nextByPage'),
  ...values('runtime/response.ts', 'readBlob readJson readText'),
  ...values(
    'runtime/styles.ts',
    `contentHeader contentPair contentValue deepObject explodedHeader explodedLabel explodedMatrix explodedSimple form
    header joinedForm label matrix pipeDelimited reservedDeepObject reservedForm reservedJoinedForm
    reservedPipeDelimited reservedSpaceDelimited simple spaceDelimited`,
  ),
  ...types('runtime/binary.ts', 'Download'),
  ...types('runtime/body.ts', 'BinaryBody'),
  ...types('runtime/call.ts', 'Answer Call'),
  ...types('runtime/events.ts', 'ServerSentEvent'),
  ...types('runtime/grants.ts', 'ItemOf Needs Visible'),
  ...types('runtime/operation.ts', 'BodyFormat Operation'),
  ...types('runtime/page.ts', 'Page'),
  ...types('runtime/transport.ts', 'RequestOptions'),
  ...types('schema.ts', 'operations'),
]

/**
 * Imports of what a module's text names, under a `$` that no name from a document can have. Only what is used: an unused
 * import is an error to the strictest compilers.
 */
export function imports(module: Module, body: string): string {
  const up = '../'.repeat(module.path.split('/').length)
  // Literals and comments can't make an import look used: what isn't code is taken out first.
  const source = body.replace(/\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'/g, "''")
  const used = IMPORTS.filter(({ name }) => new RegExp(`\\$${name}\\b`).test(source))
  const dates = /\$dates\b/.test(source) ? `import * as $dates from '${up}dates.ts'\n` : ''
  const named = [...new Set(used.map(({ from }) => from))]
    .sort()
    .map((from) => {
      const names = used.filter((each) => each.from === from)
      const typesOnly = names.every(({ value }) => value !== true)
      const list = names.map(({ name, value }) => `${value === true || typesOnly ? '' : 'type '}${name} as $${name}`)
      return `import ${typesOnly ? 'type ' : ''}{ ${list.join(', ')} } from '${up}${from}'\n`
    })
    .join('')
  return dates + named
}
