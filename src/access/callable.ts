import type { Operation } from '../model/api.ts'
import { type Credentials, satisfy } from './credentials.ts'

/** The operations that these credentials may call, in the model's order: those that `decide` allows. */
export function callable<T extends Pick<Operation, 'requirement'>>(
  { operations }: { readonly operations: readonly T[] },
  credentials: Credentials,
): T[] {
  return operations.filter(({ requirement }) =>
    requirement.alternatives.some((alternative) => satisfy(credentials, alternative)),
  )
}
