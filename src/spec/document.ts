import { Bundler, type Load } from './bundle.ts'
import { pointerBefore, upgradeDocument, versionOf } from './dialect.ts'
import { applyOverlay } from './overlay.ts'
import { overlayFileSchema } from './overlay-file.ts'
import type { Finding, Problem } from './problem.ts'
import type { Place, Source } from './source.ts'
import { SourceMap } from './source-map.ts'
import { checkStructure } from './structure.ts'
import { validate } from './yaml-file.ts'

export interface LoadedDocument {
  /** One self-contained document in the dialect of OpenAPI 3.1 or later, overlay applied. */
  readonly document: Readonly<Record<string, unknown>>
  /** What the file said it was: `2.0`, `3.0.3`. */
  readonly sourceVersion: string
  readonly problems: readonly Problem[]
  /** Where a node of `document` stands in the file that someone wrote. Lines are looked up when asked for. */
  readonly place: (pointer: string) => Place
}

export type Loaded =
  | { readonly ok: true; readonly value: LoadedDocument }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** Brings in what a document refers to, applies its overlay, checks it, and upgrades it. */
export async function loadDocument(root: Source, overlay: Source | undefined, load: Load): Promise<Loaded> {
  const known = versionOf(root.value)
  if (known === undefined) {
    const message = 'This is no OpenAPI document: it has neither `openapi: 3.x` nor `swagger: "2.0"` at its root.'
    return { ok: false, problems: [{ severity: 'error', code: 'not-openapi', message, ...root.place('') }] }
  }
  const { version, dialect } = known
  const document = root.value as Record<string, unknown>
  const map = new SourceMap(root)
  const bundler = new Bundler(document, root, dialect, map, load)
  if (root.refersBeyond) await bundler.run()
  const problems = [...bundler.problems]
  if (overlay !== undefined) {
    const file = validate(overlay, overlayFileSchema)
    if (!file.ok) return file
    const findings = applyOverlay(document, file.value, overlay, map)
    problems.push(...findings.map(({ pointer, ...finding }) => ({ ...finding, ...overlay.place(pointer) })))
    if (overlay.refersBeyond) await bundler.run()
  }
  const findings = checkStructure(document, dialect, bundler.unresolved)
  problems.push(...findings.map((finding) => locate(finding, (pointer) => map.place(pointer))))
  const place = (pointer: string): Place => map.place(pointerBefore(pointer, document, dialect))
  const value = {
    document: upgradeDocument(document, dialect),
    sourceVersion: version,
    problems: distinct(problems),
    place,
  }
  return { ok: true, value }
}

function locate({ pointer, ...finding }: Finding, place: (pointer: string) => Place): Problem {
  return { ...finding, ...place(pointer) }
}

/** What is copied to several places was written in one. */
function distinct(problems: readonly Problem[]): Problem[] {
  return [
    ...new Map(
      problems.map((problem) => [`${problem.file}:${problem.line}:${problem.column}:${problem.message}`, problem]),
    ).values(),
  ]
}
