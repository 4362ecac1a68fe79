import type { Parameter } from '../model/api.ts'

/** What a parameter goes by in what a person fills in: `query limit`. Names alone may come twice. */
export function parameterKey({ in: place, name }: Pick<Parameter, 'in' | 'name'>): string {
  return `${place} ${name}`
}
