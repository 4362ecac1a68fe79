/** What the interface says. Another language is a file like `english.ts`, named here. */
export * from './english.ts'
export { plain } from './inline.ts'
