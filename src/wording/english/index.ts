/**
 * Everything that the interface says, in English: one file for each area of it. A phrase is a string; a function where it
 * takes names or numbers; an `Inline` where some of it is code, a link or emphasised. What documents say isn't here, nor
 * what programs read.
 */
export * from './access.ts'
export * from './app-forms.ts'
export * from './apps.ts'
export * from './console.ts'
export * from './docs.ts'
export * from './form.ts'
export * from './frame.ts'
export * from './language.ts'
export * from './people.ts'
export * from './schema.ts'
export * from './scripts.ts'
export * from './search.ts'
export * from './try-it.ts'
