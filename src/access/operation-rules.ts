import { type BundledDocument, isObject } from '../model/document.ts'
import { scopeNames } from '../model/requirement.ts'
import { escapePointer } from '../model/schema.ts'
import { type DocumentFinding, finding, type Rule, type Subject } from './finding.ts'

/** One alternative of one `security`. */
interface Written {
  readonly pointer: string
  readonly schemes: ReadonlyMap<string, readonly string[]>
}

export const operationWithoutRequirement: Rule = ({ model }) => {
  const silent = model.operations.filter(({ requirement }) => !requirement.stated)
  if (silent.length === 0) return []
  if (silent.length === model.operations.length)
    return [
      finding(
        'document-without-requirements',
        '',
        'The document says of no operation who may call it.',
        'Add `security` to the document or to its operations, in an overlay if the document isn’t yours.',
      ),
    ]
  return silent.map(({ pointer, method, path }) =>
    finding(
      'operation-without-requirement',
      pointer,
      `${method} ${path} doesn’t say who may call it.`,
      'Add `security` to it; `security: []` where anyone may.',
    ),
  )
}

export const schemeUndefined: Rule = ({ model, document }) =>
  written({ model, document }).flatMap(({ pointer, schemes }) =>
    [...schemes]
      .filter(([scheme]) => !Object.hasOwn(model.schemes, scheme))
      .map(([scheme, scopes]) => {
        const known = Object.keys(model.schemes).join(', ') || 'none'
        return finding(
          'scheme-undefined',
          `${pointer}/${escapePointer(scheme)}`,
          `The security scheme \`${scheme}\`${scopes.length > 0 ? `, asked for \`${scopes.join(' ')}\`,` : ''} isn’t defined, so no one can satisfy it.`,
          `Define it in components.securitySchemes, or name one that is: ${known}.`,
        )
      }),
  )

export const scopeUndeclared: Rule = ({ model, document }) => {
  const undeclared = new Set(model.scopes.filter(({ declared }) => !declared).map(({ name }) => name))
  const found = new Map<string, DocumentFinding>()
  for (const { pointer, schemes } of written({ model, document }))
    for (const [scheme, scopes] of schemes)
      for (const [index, scope] of scopes.entries())
        if (undeclared.has(scope) && !found.has(scope) && Object.hasOwn(model.schemes, scheme))
          found.set(
            scope,
            finding(
              'scope-undeclared',
              `${pointer}/${escapePointer(scheme)}/${index}`,
              `The scope \`${scope}\` is needed here, and declared nowhere.`,
              'Declare it in a flow of the security scheme, or under `scopes` in access.yaml; or correct its spelling.',
            ),
          )
  return [...found.values()]
}

export const scopeUnused: Rule = ({ model, document }) => {
  const used = new Set([
    ...model.operations.flatMap(({ requirement, fields }) => [
      ...requirement.alternatives.flatMap((alternative) => alternative.flatMap(({ scopes }) => scopes)),
      ...[...fields.request, ...fields.response].flatMap(({ scopes }) => scopes),
    ]),
  ])
  // That the document says nothing is said once.
  if (!model.operations.some(({ requirement }) => requirement.stated)) return []
  return model.scopes
    .filter(({ name, declared }) => declared && !used.has(name))
    .map(({ name }) => {
      const declaration = declarationOf(document, name)
      return {
        ...finding(
          'scope-unused',
          declaration ?? `/scopes/${escapePointer(name)}`,
          `The scope \`${name}\` is declared, and no operation or field needs it.`,
          'Require it where it is meant to count, or remove it: apps can ask for it, and get nothing.',
        ),
        in: declaration === undefined ? 'access' : 'document',
      }
    })
}

export const alternativeRedundant: Rule = (subject) =>
  groups(subject).flatMap((alternatives) =>
    alternatives.flatMap((one, index) => {
      // `{}` beside others is how OpenAPI says that security is optional.
      const other = alternatives.findIndex(
        (candidate, at) =>
          at !== index &&
          candidate.schemes.size > 0 &&
          implies(one, candidate) &&
          (at < index || !implies(candidate, one)),
      )
      if (other < 0) return []
      return [
        finding(
          'alternative-redundant',
          one.pointer,
          `Alternative ${index + 1} never counts: whoever satisfies it satisfies alternative ${other + 1}, which asks for less.`,
          'Remove it; or, if both were meant to be needed, put them into one alternative.',
        ),
      ]
    }),
  )

export const extensionUnclear: Rule = ({ model, document }) =>
  [{ pointer: '', subject: 'The document' }, ...model.operations.map(named)].flatMap(({ pointer, subject }) => {
    const node = document.at(pointer)
    if (!isObject(node)) return []
    const match = node['x-scope-match']
    const visibility = node['x-visibility']
    const groups = isObject(visibility) && Array.isArray(visibility.groups) && visibility.groups.length > 0
    const clear = [undefined, 'public', 'signed-in'].includes(visibility as string | undefined) || groups
    return [
      ...(match === undefined || match === 'any' || match === 'all'
        ? []
        : [
            finding(
              'scope-match-unclear',
              `${pointer}/x-scope-match`,
              `${subject} has an \`x-scope-match\` that is neither \`any\` nor \`all\`; it is read as \`all\`.`,
              'Write `any` or `all`.',
            ),
          ]),
      ...(clear
        ? []
        : [
            finding(
              'visibility-unclear',
              `${pointer}/x-visibility`,
              `${subject} has an \`x-visibility\` that can’t be understood; administrators alone see it.`,
              'Write `public`, `signed-in` or `{ groups: [name] }`.',
            ),
          ]),
    ]
  })

export const policyScopeUnknown: Rule = ({ model }) => {
  const known = new Set(model.scopes.map(({ name }) => name))
  return model.policies.flatMap(({ name, rules }, policy) =>
    rules.flatMap((rule, index) =>
      (rule.when.scopes ?? []).flatMap((scope, at) =>
        known.has(scope)
          ? []
          : [
              {
                ...finding(
                  'policy-scope-unknown',
                  `/policies/${policy}/rules/${index}/when/scopes/${at}`,
                  `The rule \`${rule.name}\` of the policy \`${name}\` names the scope \`${scope}\`, which the API doesn’t have.`,
                  'Correct its spelling, declare it under `scopes`, or remove it.',
                ),
                in: 'access' as const,
              },
            ],
      ),
    ),
  )
}

function named({ pointer, method, path }: { pointer: string; method: string; path: string }) {
  return { pointer, subject: `${method} ${path}` }
}

function written(subject: Subject): Written[] {
  return groups(subject).flat()
}

/** The alternatives of each `security`, the root's first. Read as written, so that each has a place. */
function groups({ model, document }: Subject): Written[][] {
  return ['', ...new Set(model.operations.map(({ pointer }) => pointer))].flatMap((pointer) => {
    const node = document.at(pointer)
    if (!isObject(node) || !Array.isArray(node.security)) return []
    const alternatives: readonly unknown[] = node.security
    return [
      alternatives.map((alternative, index) => ({
        pointer: `${pointer}/security/${index}`,
        schemes: new Map(
          isObject(alternative)
            ? Object.entries(alternative).map(([scheme, scopes]) => [scheme, scopeNames(scopes)])
            : [],
        ),
      })),
    ]
  })
}

function implies(one: Written, other: Written): boolean {
  return [...other.schemes].every(([scheme, scopes]) => {
    const own = one.schemes.get(scheme)
    return own !== undefined && scopes.every((scope) => own.includes(scope))
  })
}

/** Where a flow declares a scope. */
function declarationOf(document: BundledDocument, scope: string): string | undefined {
  const root = { node: { schemes: document.at('/components/securitySchemes') ?? {} }, pointer: '/components' }
  for (const { value: scheme } of document.children(root, 'schemes')) {
    const at = scheme.pointer.replace(/^\/components\/schemes\//, '/components/securitySchemes/')
    for (const { value: flow } of document.children({ node: scheme.node, pointer: at }, 'flows'))
      if (isObject(flow.node.scopes) && Object.hasOwn(flow.node.scopes, scope))
        return `${flow.pointer}/scopes/${escapePointer(scope)}`
  }
  return undefined
}
