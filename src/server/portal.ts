import type { ApiModel } from '../model/api.ts'
import type { Problem } from '../spec/problem.ts'

/** Someone who signed in. */
export interface Person {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly groups: readonly string[]
  /** Member of the group `administrators`. */
  readonly administrator: boolean
}

export interface Catalog {
  /** The APIs that this reader may see, by title. */
  list(reader: Person | undefined): readonly ApiModel[]
  /** Undefined where there is none, or where this reader may not see it: the two can't be told apart. */
  get(name: string, reader: Person | undefined): ApiModel | undefined
  /** The bundled OpenAPI document that the model was made from. */
  document(name: string, reader: Person | undefined): Promise<Readonly<Record<string, unknown>> | undefined>
  /** Documents that could not be compiled, for administrators. */
  broken(): readonly BrokenDocument[]
}

export interface BrokenDocument {
  readonly name: string
  readonly file: string
  readonly problems: readonly Problem[]
}
