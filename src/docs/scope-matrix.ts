import type { ApiModel, GatedField, Operation, Scope } from '../model/api.ts'
import { unescapePointer } from '../model/schema.ts'
import { language, matrix as say } from '../wording/wording.ts'
import { csvLine } from './csv.ts'
import type { Gate } from './gate.ts'
import type { Viewer } from './lens.ts'
import type { ApiLinks } from './links.ts'
import { operationTitle } from './navigation.ts'
import { verdict } from './verdict.ts'
import { calling, withheld } from './withheld.ts'

/** `needed`: whichever way one gets in; `one way`: there are others without it. */
export type Cell = 'needed' | 'one way' | ''

export interface MatrixRow {
  readonly kind: 'operation' | 'field'
  /** `GET /employees/{id}`, `Employee.salary`. */
  readonly label: string
  readonly title: string
  readonly href?: string
  readonly gate: Gate
  readonly judged: boolean
  /** One for each scope of the matrix, in its order. */
  readonly cells: readonly Cell[]
}

export interface ScopeMatrix {
  readonly scopes: readonly Scope[]
  readonly rows: readonly MatrixRow[]
}

export interface MatrixView {
  /** Words that a row's label or title holds. */
  readonly find: string
  /** Only this scope, and what takes it. */
  readonly only: string
  /** `document` (as it stands there), `label`, `scopes` (how many), or the name of a scope: what takes it comes first. */
  readonly by: string
}

export function matrixView(query: URLSearchParams): MatrixView {
  return { find: query.get('find')?.trim() ?? '', only: query.get('only') ?? '', by: query.get('by') ?? 'document' }
}

/** Which operation, and which field, takes which scope. */
export function scopeMatrix(model: ApiModel, viewer: Viewer, links: ApiLinks, view: MatrixView): ScopeMatrix {
  const chosen = model.scopes.filter(({ name }) => name === view.only)
  const scopes = chosen.length > 0 ? chosen : model.scopes
  const rows = [
    ...model.operations.map((operation) => operationRow(operation, model, viewer, links, scopes)),
    ...gatedFields(model).map(({ field, carriers }) => fieldRow(field, calling(carriers, viewer), links, scopes)),
  ]
  const words = view.find.toLowerCase().split(/\s+/)
  const found = rows.filter(
    ({ label, title, cells }) =>
      words.every((word) => `${label} ${title}`.toLowerCase().includes(word)) &&
      (chosen.length === 0 || cells.some((cell) => cell !== '')),
  )
  return { scopes, rows: sorted(found, scopes, view.by) }
}

function operationRow(
  operation: Operation,
  { schemes }: ApiModel,
  viewer: Viewer,
  links: ApiLinks,
  scopes: readonly Scope[],
): MatrixRow {
  const { gate, judged } = verdict(operation, viewer, schemes)
  const ways = operation.requirement.alternatives.map((way) => new Set(way.flatMap((scheme) => scheme.scopes)))
  return {
    kind: 'operation',
    label: `${operation.method} ${operation.path}`,
    title: operationTitle(operation),
    href: links.operation(operation.id),
    gate,
    judged,
    cells: scopes.map(({ name }) => {
      const takers = ways.filter((way) => way.has(name)).length
      return takers === 0 ? '' : takers === ways.length ? 'needed' : 'one way'
    }),
  }
}

function fieldRow(
  { pointer, name, scopes: needed }: GatedField,
  viewer: Viewer,
  links: ApiLinks,
  scopes: readonly Scope[],
): MatrixRow {
  const [, schema] = /^\/components\/schemas\/([^/]+)\/properties\/[^/]+$/.exec(pointer) ?? []
  const named = schema === undefined ? undefined : unescapePointer(schema)
  return {
    kind: 'field',
    label: named === undefined ? name : `${named}.${name}`,
    title: say.field,
    ...(named !== undefined && { href: links.field(named, name) }),
    gate: viewer.credentials === undefined ? 'scope' : (withheld(needed, viewer)?.gate ?? 'open'),
    judged: viewer.credentials !== undefined,
    cells: scopes.map((scope) => (needed.includes(scope.name) ? 'needed' : '')),
  }
}

/** Each once, with the operations that carry it. */
function gatedFields({ operations }: ApiModel) {
  const found = new Map<string, { readonly field: GatedField; readonly carriers: Operation[] }>()
  for (const operation of operations)
    for (const field of [...operation.fields.response, ...operation.fields.request]) {
      const { carriers } = found.get(field.pointer) ?? { carriers: [] }
      found.set(field.pointer, { field, carriers: [...carriers, operation] })
    }
  return [...found.values()]
}

function sorted(rows: readonly MatrixRow[], scopes: readonly Scope[], by: string): readonly MatrixRow[] {
  if (by === 'label') return rows.toSorted((a, b) => a.label.localeCompare(b.label, language))
  if (by === 'scopes') return rows.toSorted((a, b) => takes(b) - takes(a))
  const column = scopes.findIndex(({ name }) => name === by)
  return column < 0 ? rows : rows.toSorted((a, b) => rank(b.cells[column]) - rank(a.cells[column]))
}

function takes({ cells }: MatrixRow): number {
  return cells.filter((cell) => cell !== '').length
}

function rank(cell: Cell | undefined): number {
  return cell === 'needed' ? 2 : cell === 'one way' ? 1 : 0
}

export function matrixCsv({ scopes, rows }: ScopeMatrix): string {
  const lines = [
    ['kind', 'name', 'title', ...scopes.map(({ name }) => name)],
    ...rows.map(({ kind, label, title, cells }) => [kind, label, title, ...cells]),
  ]
  return lines.map(csvLine).join('')
}
