import type { ApiModel, Operation } from '../../src/model/api.ts'
import { shapeOf } from '../../src/sandbox/shape.ts'
import type { Answered } from './prism.ts'
import type { Variation } from './variations.ts'

/** A request that one takes and the other refuses. */
export interface Difference {
  readonly operation: Operation
  readonly variation: Variation
  readonly model: ApiModel
  readonly ours: Answered
  readonly theirs: Answered
}

type Holds = (difference: Difference, ofTheOperation: readonly Difference[]) => boolean

/** What is known of the two, each with how it shows. */
const EXPLANATIONS: readonly (readonly [says: string, holds: Holds])[] = [
  [
    'Prism never answers a body that is malformed JSON; ours is 400.',
    ({ variation, ours, theirs }) =>
      variation.what === 'body: malformed' && theirs.status === 0 && ours.verdict === 'refused',
  ],
  [
    'The document describes no success: Prism answers with the refusal that it does describe, ours with an empty success.',
    ({ operation, ours, theirs }) =>
      ours.verdict === 'taken' &&
      theirs.verdict === 'refused' &&
      !theirs.body.includes('"location"') &&
      !operation.responses.some(({ status }) => status.startsWith('2')),
  ],
  [
    'Prism looks at nothing of this body: it takes a list for an object.',
    ({ variation }, others) =>
      variation.what.startsWith('body') &&
      others.some((one) => one.variation.what === 'body of another type' && one.theirs.verdict === 'taken'),
  ],
  [
    'Parameters called Accept, Content-Type or Authorization are to be ignored (OpenAPI, Parameter Object, `name`); Prism checks them.',
    ({ theirs }) => theirs.verdict === 'refused' && /"location":\["header","(accept|content-type)"\]/.test(theirs.body),
  ],
  [
    'Prism refuses a read-only member where no others are allowed; ours leaves it out, as a server may (OpenAPI, Schema Object, `readOnly`).',
    ({ operation, model, ours, theirs }) => {
      const [, name = ''] = /NOT have additional properties; found '([^']+)'/.exec(theirs.body) ?? []
      const property = shapeOf(operation.body?.content[0]?.schema, model.schemas).properties.get(name)
      return ours.verdict === 'taken' && typeof property === 'object' && property.readOnly === true
    },
  ],
  [
    'Ours finds no answer that fits the document, and says so; Prism answers with one that doesn’t fit.',
    ({ ours, theirs }) => ours.status === 500 && theirs.body.startsWith('[{"location":["response"'),
  ],
]

/** By what explains them; undefined: what nobody knows. */
export function explained(differences: readonly Difference[]): ReadonlyMap<string | undefined, readonly Difference[]> {
  return Map.groupBy(differences, (difference) => {
    const others = differences.filter(({ operation }) => operation === difference.operation)
    return EXPLANATIONS.find(([, holds]) => holds(difference, others))?.[0]
  })
}
