import { number } from './language.ts'

/** What every form says. */
export const form = {
  optional: 'optional',
  needed: (when: string) => ` (${when})`,
  error: (message: string) => `Error: ${message}`,
  notRight: (errors: number) =>
    errors === 1 ? 'One thing is not right yet' : `${number(errors)} things are not right yet`,
}
