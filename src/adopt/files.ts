import { parseDocument, stringify } from 'yaml'
import { isObject, type Json, strings } from '../model/document.ts'
import type { Proposal } from './proposal.ts'
import { appendTo } from './yaml-append.ts'

/** The two files that a proposal goes into, as text. */
export interface AdoptFiles {
  readonly overlay: string
  readonly access: string
}

/** The root key of an overlay that lists what was ever proposed. */
const OFFERED = 'x-sallyport-offered'

/** The targets that an overlay's text says were proposed before. */
export function offeredIn(overlay: string): ReadonlySet<string> {
  const content: unknown = parseDocument(overlay).toJS({ maxAliasCount: 100 })
  return new Set(isObject(content) ? strings(content[OFFERED]) : [])
}

/**
 * The files with the proposal added. What they hold already stays as it is written, so that edits and comments survive.
 *
 * @param present their text today; empty where there is none
 * @param title of the API, for a new overlay
 */
export function withProposal(present: AdoptFiles, proposal: Proposal, title: string): AdoptFiles {
  const { scheme, operations, fields, scopes } = proposal
  const targets = [...operations, ...fields].map(({ target }) => target)
  const actions = [
    ...(scheme === undefined ? [] : [action({ target: '$', description: scheme.reason, update: scheme.update })]),
    ...operations.flatMap(({ target, reason, security, replaces }) => [
      ...(replaces ? [action({ target: `${target}.security`, remove: true })] : []),
      action({ target, description: reason, update: { security } }),
    ]),
    ...fields.map(({ target, reason, scopes: needed }) =>
      action({ target, description: reason, update: { 'x-required-scopes': needed } }),
    ),
  ]
  return {
    overlay:
      targets.length === 0
        ? present.overlay
        : appendTo(present.overlay || newOverlay(title), [
            { key: 'actions', kind: 'list', items: actions },
            { key: OFFERED, kind: 'list', items: targets.map((target) => `- ${inline(target)}`) },
          ]),
    access: appendTo(present.access, [
      {
        key: 'scopes',
        kind: 'map',
        items: scopes.map(({ name, title: words }) => `${inline(name)}: ${inline({ title: words })}`),
      },
    ]),
  }
}

function newOverlay(title: string): string {
  return [
    '# Scopes proposed by `sallyport adopt`, each with its reason. They are yours now: change and remove what you like.',
    `# Running it again adds what is new in the document, and leaves out what ${OFFERED} lists.`,
    'overlay: 1.0.0',
    `info: ${inline({ title: `Scopes of ${title}`, version: '1.0.0' })}`,
    '',
  ].join('\n')
}

function action(content: Json): string {
  const { update, ...head } = content
  const [first = '', ...rest] = stringify(head, { lineWidth: 0 }).trimEnd().split('\n')
  const lines = [first, ...rest, ...(update === undefined ? [] : updateLines(update))]
  return lines.map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`)).join('\n')
}

function updateLines(update: unknown): string[] {
  return [
    'update:',
    ...Object.entries(isObject(update) ? update : {}).map(([key, value]) => `  ${key}: ${inline(value)}`),
  ]
}

/** On one line, as YAML. */
function inline(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true }).trimEnd()
}
