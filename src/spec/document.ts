import { isAbsolute, relative } from 'node:path'
import {
  BaseResolver,
  bundle,
  createConfig,
  getLineColLocation,
  lintDocument,
  type NormalizedProblem,
  ResolveError,
  type Source,
  YamlParseError,
} from '@redocly/openapi-core'
import { upgrade } from '@scalar/openapi-upgrader'
import type { SpecFolder } from './folder.ts'
import type { Problem } from './problem.ts'

export type Bundled =
  | {
      readonly ok: true
      /** One self-contained document in the dialect of OpenAPI 3.1 or later, overlay applied. */
      readonly document: Readonly<Record<string, unknown>>
      /** What the file said it was. */
      readonly sourceVersion: string
      /** Warnings. */
      readonly problems: readonly Problem[]
    }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** Loads, overlays, checks and bundles one document. What makes it unusable is an error, what is only wrong is a warning. */
export async function bundleDocument(folder: SpecFolder & { readonly document: string }): Promise<Bundled> {
  const resolver = new ConfinedResolver(folder.root)
  const at = { file: folder.document, line: 1, column: 1 }
  try {
    const root = await resolver.resolveDocument(null, folder.document, true)
    if (root instanceof Error) return { ok: false, problems: [unreadable(root, folder.document)] }

    const sourceVersion = versionOf(root.parsed)
    if (sourceVersion === undefined) {
      const message = 'This is no OpenAPI document: it has neither `openapi: 3.x` nor `swagger: "2.0"` at its root.'
      return { ok: false, problems: [{ severity: 'error', code: 'not-openapi', message, ...at }] }
    }
    const config = await createConfig({ rules: { struct: 'warn', 'no-unresolved-refs': 'error' } })
    const warnings = await lintDocument({ document: root, config, externalRefResolver: resolver })
    const overlays = folder.overlay === undefined ? [] : [folder.overlay]
    const bundled = await bundle({ doc: root, config, externalRefResolver: resolver, overlays })
    const problems = [...bundled.problems.filter(({ severity }) => severity === 'error'), ...warnings].map(located)
    const errors = problems.filter(({ severity }) => severity === 'error')
    if (errors.length > 0) return { ok: false, problems: distinct(errors) }
    const document = bundled.bundle.parsed as Record<string, unknown>
    return { ok: true, document: upgraded(document, sourceVersion), sourceVersion, problems: distinct(problems) }
  } catch (error) {
    // The library throws what it can't make sense of; whatever it is, it is the document's and is told as such.
    if (error instanceof YamlParseError || error instanceof ResolveError)
      return { ok: false, problems: [unreadable(error, folder.document)] }
    const message = error instanceof Error ? error.message : String(error)
    return { ok: false, problems: [{ severity: 'error', code: 'unreadable', message: firstLine(message), ...at }] }
  }
}

/** A document may refer to files of its own folder, and to nothing else: no network, no `/etc/passwd`. */
class ConfinedResolver extends BaseResolver {
  readonly #root: string

  constructor(root: string) {
    super()
    this.#root = root
  }

  override async loadExternalRef(absoluteRef: string): Promise<Source> {
    const path = relative(this.#root, absoluteRef)
    if (/^[a-z][a-z0-9+.-]*:/i.test(absoluteRef) || path === '..' || path.startsWith('../') || isAbsolute(path)) {
      const refused = new Error(`It refers to ${absoluteRef}, outside its own folder, which is refused.`)
      throw new ResolveError(refused)
    }
    return super.loadExternalRef(absoluteRef)
  }
}

function versionOf(parsed: unknown): string | undefined {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined
  const { openapi, swagger } = parsed as { openapi?: unknown; swagger?: unknown }
  const version = String(openapi ?? swagger ?? '')
  return /^(2\.0|3\.\d+(\.\d+.*)?)$/.test(version) ? version : undefined
}

function upgraded(document: Record<string, unknown>, sourceVersion: string): Record<string, unknown> {
  return /^(2\.0|3\.0)/.test(sourceVersion)
    ? (upgrade(document, '3.1') as unknown as Record<string, unknown>)
    : document
}

function located(problem: NormalizedProblem): Problem {
  const [location] = problem.location
  const start = location === undefined ? undefined : getLineColLocation(location).start
  return {
    severity: problem.severity === 'error' ? 'error' : 'warning',
    code: problem.ruleId === 'no-unresolved-refs' || problem.ruleId === 'bundler' ? 'unresolved-ref' : problem.ruleId,
    message: firstLine(problem.message),
    ...(problem.suggest.length > 0 && { hint: `Did you mean ${problem.suggest.slice(0, 3).join(', ')}?` }),
    file: location?.source.absoluteRef ?? '',
    line: start?.line ?? 1,
    column: start?.col ?? 1,
    ...(location !== undefined && location.pointer !== undefined && { pointer: location.pointer.replace(/^#/, '') }),
  }
}

function unreadable(error: Error, file: string): Problem {
  if (error instanceof YamlParseError) {
    const { line, col, source } = error
    return {
      severity: 'error',
      code: 'syntax',
      message: firstLine(error.message),
      file: source.absoluteRef,
      line,
      column: col,
    }
  }
  return { severity: 'error', code: 'unreadable', message: firstLine(error.message), file, line: 1, column: 1 }
}

/** One finding a place: linting and bundling tell of the same dangling reference. */
function distinct(problems: readonly Problem[]): Problem[] {
  return [
    ...new Map(
      problems.map((problem) => [`${problem.file}:${problem.line}:${problem.column}:${problem.code}`, problem]),
    ).values(),
  ]
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.trim() ?? message
}
