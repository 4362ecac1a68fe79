import { z } from 'zod'
import type { Problem } from './problem.ts'

/** What is found in a document that can be read; what can't be read is always an error. */
const CODES = [
  'unresolved-ref',
  'missing-field',
  'unknown-field',
  'misplaced-field',
  'wrong-type',
  'wrong-value',
  'overlay-unmatched',
  'document-without-requirements',
  'operation-without-requirement',
  'scheme-undefined',
  'scope-undeclared',
  'scope-unused',
  'alternative-redundant',
  'scope-match-unclear',
  'visibility-unclear',
  'gate-scope-unknown',
  'gate-on-required',
  'policy-scope-unknown',
  'example-invalid',
  'seed-invalid',
  'seed-unknown',
] as const

export type FindingCode = (typeof CODES)[number]

/** How grave a publisher finds what is found, by code. An error keeps the document from being shown. */
export const severitiesSchema = z.partialRecord(z.enum(CODES), z.enum(['error', 'warning', 'off']))

export type Severities = z.output<typeof severitiesSchema>

export function graded(problems: readonly Problem[], severities: Severities): Problem[] {
  return problems.flatMap((problem) => {
    const severity = severities[problem.code as keyof Severities] ?? problem.severity
    return severity === 'off' ? [] : [{ ...problem, severity }]
  })
}
